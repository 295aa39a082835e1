import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { ForgottenBuyer } from '../erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../erasure/holders-of-copies.js';
import { EVERYBODY } from './setting-changes.store.js';

/** Rows read at once. */
const PAGE = 1_000;
const WITH_REASON = 'select id, reason from setting_changes where tenant_id in ($1, $2) and id > $3 and reason is not null order by id limit $4';

/** Reasons of changes are words of people: one that names an erased buyer is blotted out, the change stays. */
@Injectable()
export class ErasedSettingReasons {
  constructor(
    private readonly database: Database,
    holders: HoldersOfCopies,
  ) {
    holders.register({ name: 'settings', forget: (buyer) => this.forget(buyer) });
  }

  private async forget(buyer: ForgottenBuyer): Promise<number> {
    let cleaned = 0;
    let after = '0';
    for (;;) {
      const page = await this.database.query<{ id: string; reason: string }>(WITH_REASON, [buyer.tenantId, EVERYBODY, after, PAGE]);
      const named = page.filter(({ reason }) => buyer.isNamedIn(reason)).map(({ id }) => id);
      if (named.length > 0) await this.database.query('select redact_setting_reasons($1)', [named]);
      cleaned += named.length;
      after = page.at(-1)?.id ?? after;
      if (page.length < PAGE) return cleaned;
    }
  }
}
