import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { ForgottenBuyer } from '../../erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../../erasure/holders-of-copies.js';

/** Rows read at once. */
const PAGE = 1_000;

interface ReasonRow {
  readonly id: string;
  readonly reason: string;
}

/** Reasons in the audit trail are words of people: one that names an erased buyer is blotted out, its entry stays. */
@Injectable()
export class ErasedReasons {
  constructor(
    private readonly database: Database,
    holders: HoldersOfCopies,
  ) {
    holders.register({ name: 'audit', forget: (buyer) => this.forget(buyer) });
  }

  private async forget(buyer: ForgottenBuyer): Promise<number> {
    let cleaned = 0;
    let after = '0';
    for (;;) {
      const page = await this.page(buyer.tenantId, after);
      const named = page.filter(({ reason }) => buyer.isNamedIn(reason)).map(({ id }) => id);
      if (named.length > 0) await this.database.query('select redact_audit_reasons($1)', [named]);
      cleaned += named.length;
      after = page.at(-1)?.id ?? after;
      if (page.length < PAGE) return cleaned;
    }
  }

  private async page(tenantId: string, after: string): Promise<ReasonRow[]> {
    return this.database.query<ReasonRow>('select id, reason from audit_entries where tenant_id = $1 and id > $2 and reason is not null order by id limit $3', [
      tenantId,
      after,
      PAGE,
    ]);
  }
}
