import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { isJsonObject, type JsonObject } from '../core/json.js';
import { QuarantineReadModel, type SealedItem } from '../data-protection/quarantine.read-model.js';
import { Quarantine } from '../data-protection/quarantine.service.js';
import { HeldDocuments } from '../orders/held-documents.read-model.js';
import { OrderRecorder } from '../orders/order-recorder.service.js';
import { Database } from '../platform/database/database.js';
import { itemDecided, itemNotFound, itemNotReleasable } from './quarantine.errors.js';
import { settleForms } from './owed-forms.store.js';

/** What became of an item: `superseded` when a newer form of the order had landed already. */
export type ReleaseOutcome = 'released' | 'superseded';

export interface GroupRelease {
  readonly released: number;
  readonly superseded: number;
  /** Waiting items that cannot be released; each says why when it is released by itself. */
  readonly left: number;
}

/** Items read at once; a group is released one by one behind them. */
const PAGE = 100;

/** What operators decide about held readings. Every decision is a compare-and-set: the second of two is told. */
@Injectable()
export class QuarantineDecisions {
  constructor(
    private readonly items: QuarantineReadModel,
    private readonly quarantine: Quarantine,
    private readonly documents: HeldDocuments,
    private readonly recorder: OrderRecorder,
    private readonly database: Database,
  ) {}

  /** @throws Problem QUARANTINE_ITEM_NOT_FOUND (404) */
  async find(accountId: string, id: string): Promise<SealedItem> {
    const item = isUUID(id, 'loose') ? await this.items.find(accountId, id) : null;
    if (!item) throw itemNotFound();
    return item;
  }

  /**
   * Records a held form: it replaces what is known of the order, unless a newer form came first.
   * @throws Problem QUARANTINE_ITEM_NOT_FOUND (404), QUARANTINE_ITEM_DECIDED, QUARANTINE_ITEM_NOT_RELEASABLE (409)
   */
  async release(accountId: string, id: string, actor: string): Promise<ReleaseOutcome> {
    return this.releaseItem(accountId, await this.find(accountId, id), actor);
  }

  /** Releases what waits, in the order it was read. @param pauseId only what this pause held; null: all of the account */
  async releaseAll(accountId: string, pauseId: string | null, actor: string): Promise<GroupRelease> {
    const done = { released: 0, superseded: 0, left: 0 };
    let after: SealedItem | null = null;
    for (;;) {
      const page: SealedItem[] = await this.items.waiting(accountId, pauseId, PAGE, after);
      for (const item of page) done[await this.tryRelease(accountId, item, actor)] += 1;
      after = page.at(-1) ?? null;
      if (page.length < PAGE) return done;
    }
  }

  /** Keeps the item for its time and never records it. @throws as {@link release} */
  async reject(accountId: string, id: string, actor: string): Promise<void> {
    const item = await this.find(accountId, id);
    const done = await this.database.transaction((tx) => this.quarantine.decide(tx, item.id, { status: 'rejected', actor }));
    if (!done) throw itemDecided((await this.find(accountId, id)).status);
  }

  private async tryRelease(accountId: string, item: SealedItem, actor: string): Promise<ReleaseOutcome | 'left'> {
    return this.releaseItem(accountId, item, actor).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === itemNotReleasable('').code) return 'left';
      throw error;
    });
  }

  private async releaseItem(accountId: string, item: SealedItem, actor: string): Promise<ReleaseOutcome> {
    if (item.status !== 'held') throw itemDecided(item.status);
    const form = await this.formOf(accountId, item);
    const seenAt = await this.documents.seenAt(accountId, item.orderId);
    if (seenAt && seenAt > item.observedAt) return this.supersede(item, actor);
    const reading = { form, observedAt: item.observedAt, traceId: item.traceId, isReleased: true };
    const batch = { accountId, fence: null, actor, causationId: `quarantine:${item.id}`, journal: [], forms: [reading] };
    await this.recorder.record(batch, async (tx, recorded) => {
      const [failed] = recorded.failed;
      if (failed) throw itemNotReleasable(`The form cannot be recorded: ${failed.reason}.`);
      if (!(await this.quarantine.decide(tx, item.id, { status: 'released', actor }))) throw itemDecided('by somebody else');
      await settleForms(tx, accountId, [item.orderId]);
    });
    return 'released';
  }

  private async supersede(item: SealedItem, actor: string): Promise<ReleaseOutcome> {
    await this.database.transaction((tx) => this.quarantine.decide(tx, item.id, { status: 'superseded', actor }));
    return 'superseded';
  }

  private async formOf(accountId: string, item: SealedItem): Promise<JsonObject> {
    if (item.kind !== 'form' || item.orderId === '') throw itemNotReleasable('Only a form that names its order can be recorded.');
    const content = await this.quarantine.open(accountId, item.orderId, item);
    if (!isJsonObject(content)) throw itemNotReleasable('Its content was erased or has expired.');
    return content;
  }
}
