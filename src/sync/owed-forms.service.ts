import { Injectable } from '@nestjs/common';
import { Quarantine } from '../data-protection/quarantine.service.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import type { OwedForm } from './owed-form.js';
import { oweForm } from './owed-forms.store.js';

/** Orders whose form did not land, with what Allegro said instead of it. */
@Injectable()
export class OwedForms {
  constructor(
    private readonly database: Database,
    private readonly quarantine: Quarantine,
  ) {}

  /** @param othersLanded see {@link oweForm} */
  async owe(tx: Transaction, accountId: string, forms: readonly OwedForm[], othersLanded: boolean): Promise<void> {
    for (const form of forms) {
      const sealedAnswer = form.answer ? await this.quarantine.seal(tx, accountId, { orderId: form.orderId, content: form.answer.content }) : null;
      await oweForm(tx, accountId, { ...form, sealedAnswer }, othersLanded);
    }
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }
}
