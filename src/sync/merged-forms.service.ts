import { Injectable } from '@nestjs/common';
import { PurchaseLinks } from '../orders/purchase-links.service.js';
import { Database } from '../platform/database/database.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { settleForms } from './owed-forms.store.js';
import type { SyncSession } from './sync-session.js';
import { SyncState } from './sync-state.read-model.js';

/** Forms that are gone because their purchases were paid together with others: their orders are linked, and nothing is owed of them any more. */
@Injectable()
export class MergedForms {
  constructor(
    private readonly state: SyncState,
    private readonly links: PurchaseLinks,
    private readonly database: Database,
    private readonly effects: EffectSeam,
  ) {}

  /**
   * Links what the account owes; again changes nothing.
   * @param gone orders whose form Allegro does not answer any more, beside those that are owed for this reason
   * @returns the orders that were replaced by another one
   */
  async link(session: Pick<SyncSession, 'accountId' | 'fence' | 'runId'>, gone: readonly string[] = []): Promise<string[]> {
    const { accountId, fence, runId } = session;
    const missing = await this.state.missingForms(accountId);
    const request = { accountId, fence, causationId: runId, gone: [...new Set([...missing, ...gone])] };
    if (request.gone.length === 0 && !(await this.links.isOwed(accountId))) return [];
    const linked = await this.effects.perform('purchases.link', () => this.links.link(request));
    if (linked.length > 0) await this.effects.perform('owed.settle', () => this.database.transaction((tx) => settleForms(tx, accountId, linked)));
    return linked;
  }
}
