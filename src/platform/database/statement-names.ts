import { createHash } from 'node:crypto';

/** The filters of the lists combine to some hundred texts; each connection keeps their plans, a few kilobytes each. */
const MOST_STATEMENTS = 500;

/** Names under which connections keep the plans of statements. What comes after the first 500 texts is planned at each call, as any unnamed statement. */
export class StatementNames {
  private readonly names = new Map<string, string>();

  nameOf(sql: string): { readonly name?: string } {
    const known = this.names.get(sql);
    if (known !== undefined) return { name: known };
    if (this.names.size >= MOST_STATEMENTS) return {};
    const name = createHash('sha256').update(sql).digest('base64url');
    this.names.set(sql, name);
    return { name };
  }
}
