import { Injectable } from '@nestjs/common';
import type { JsonObject, JsonValue } from '../../core/json.js';
import { Database } from '../database/database.js';
import type { ForgottenBuyer } from '../erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../erasure/holders-of-copies.js';

/** Rows read at once. */
const PAGE = 1_000;

interface Texts extends JsonObject {
  readonly params: JsonValue;
  readonly result: JsonValue;
  readonly error: string | null;
  readonly description: string;
}

interface TextsRow {
  readonly id: string;
  readonly texts: Texts;
}

/** Tasks hold ids and counts; should a text of one name an erased buyer all the same, it is blotted out. */
@Injectable()
export class ErasedTasks {
  constructor(
    private readonly database: Database,
    holders: HoldersOfCopies,
  ) {
    holders.register({ name: 'tasks', forget: (buyer) => this.forget(buyer) });
  }

  private async forget(buyer: ForgottenBuyer): Promise<number> {
    let cleaned = 0;
    let after: string | null = null;
    for (;;) {
      const page: TextsRow[] = await this.page(buyer.tenantId, after);
      for (const row of page) if (buyer.isNamedIn(JSON.stringify(row.texts))) cleaned += await this.blotOut(buyer, row);
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE) return cleaned;
    }
  }

  private async page(tenantId: string, after: string | null): Promise<TextsRow[]> {
    return this.database.query<TextsRow>(
      `select id, jsonb_build_object('params', params, 'result', result, 'error', error, 'description', description) as texts
       from tasks where tenant_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
      [tenantId, after, PAGE],
    );
  }

  private async blotOut(buyer: ForgottenBuyer, { id, texts }: TextsRow): Promise<number> {
    await this.database.query(
      `update tasks set params = t.params, result = case when tasks.result is null then null else t.result end, error = t.error, description = t.description
       from jsonb_to_record($2::jsonb) as t (params jsonb, result jsonb, error text, description text) where tasks.id = $1`,
      [id, JSON.stringify(buyer.blotOut(texts))],
    );
    return 1;
  }
}
