export interface BoundSql {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Bound parameters, numbered as they are added. */
export class BoundParameters {
  readonly values: unknown[] = [];

  /** @returns the parameter's place in the statement: `$1` */
  add(value: unknown): string {
    this.values.push(value);
    return `$${String(this.values.length)}`;
  }
}
