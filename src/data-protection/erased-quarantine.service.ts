import { Injectable } from '@nestjs/common';
import { isJsonObject, type JsonValue } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import type { ForgottenBuyer } from '../platform/erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../platform/erasure/holders-of-copies.js';
import { ERASED } from '../platform/vault/personal-data.js';
import { endItems, itemsUnderAccountKeys, replaceItem, type KeptItem } from './erased-quarantine.store.js';
import { QuarantineKeys } from './quarantine-keys.service.js';
import { keptContent } from './quarantined-content.js';

/** Documents opened at once: some hundred kB. */
const PAGE = 100;

/**
 * What is held of an erased buyer. Documents under the key of an erased order cannot be opened any more, so nobody waits for a decision
 * about them; the others are sealed again without what is personal.
 */
@Injectable()
export class ErasedQuarantine {
  constructor(
    private readonly keys: QuarantineKeys,
    private readonly database: Database,
    holders: HoldersOfCopies,
  ) {
    holders.register({ name: 'quarantine', forget: (buyer) => this.forget(buyer) });
  }

  private async forget(buyer: ForgottenBuyer): Promise<number> {
    let cleaned = await this.database.transaction((tx) => endItems(tx, buyer.accountId, buyer.orderIds));
    let after = '';
    for (;;) {
      const page = await this.database.transaction((tx) => itemsUnderAccountKeys(tx, buyer.accountId, after, PAGE));
      for (const item of page) cleaned += await this.clean(buyer, item);
      after = page.at(-1)?.id ?? '';
      if (page.length < PAGE) return cleaned;
    }
  }

  private async clean(buyer: ForgottenBuyer, item: KeptItem): Promise<number> {
    const content = await this.keys.open(buyer.accountId, item.keyId, item.sealed);
    const reasons = buyer.blotOut(item.reasons);
    const isTheirs = content !== null && this.isTheirs(buyer, item, content);
    if (!isTheirs && JSON.stringify(reasons) === JSON.stringify(item.reasons)) return 0;
    await this.database.transaction(async (tx) => {
      const sealed = isTheirs ? await this.seal(tx, buyer, content) : item;
      await replaceItem(tx, item.id, { ...sealed, reasons });
    });
    return 1;
  }

  private isTheirs(buyer: ForgottenBuyer, item: KeptItem, content: JsonValue): boolean {
    return buyer.orderIds.includes(item.orderId) || buyer.isIn(content);
  }

  private async seal(tx: Transaction, buyer: ForgottenBuyer, content: JsonValue): Promise<{ keyId: string; sealed: Buffer }> {
    const sealer = await this.keys.sealer(tx, buyer.accountId);
    const kept = isJsonObject(content) ? buyer.blotOut(keptContent(content, true)) : ERASED;
    return { keyId: sealer.keyId, sealed: sealer.seal(kept) };
  }
}
