import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import type { Transaction } from '../platform/database/transaction.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { flagsVersion } from '../technical-flags/flags.events.js';
import { TechnicalFlags } from '../technical-flags/technical-flags.service.js';
import { forgetLinkedItems, holdLineItems, restoreMerge } from './line-items.store.js';
import { mergedDocument } from './merge-order.js';
import { evolveMerge, NOT_MERGED } from './merged-purchases.js';
import { projectOrders } from './orders.store.js';
import type { OrderContent } from './order.js';
import { oweShipments } from './owed-shipments.store.js';
import { PlannerStatistics } from './planner-statistics.service.js';
import { erasedHash, readableForm } from './readable-form.js';
import { replayOrder } from './replay-order.js';
import { sentMark } from './sent-mark.js';

/** Sent, and nobody has asked for its parcels. */
const isUnread = (content: OrderContent) => content.shipments === undefined && sentMark(mergedDocument(content.merged).document) !== null;

/** Orders whose log came from another installation: everything but the log is made from it here. */
@Injectable()
export class AdoptedOrders {
  constructor(
    private readonly keys: OrderKeys,
    private readonly flags: TechnicalFlags,
    private readonly statistics: PlannerStatistics,
  ) {}

  /**
   * What the head of a stream remembers of the form last read, by this installation's pepper: a sync recognises the form again.
   * @param form of an erased order as stored, its personal values left out
   */
  contentHash(orderId: string, form: JsonObject, isErased: boolean): Buffer {
    const { hash } = readableForm(form, (text) => this.keys.keyedHash('content', `${orderId}\n${text}`));
    return isErased ? erasedHash(hash) : hash;
  }

  /** Projects whole streams, none of which is projected yet. */
  async project(tx: Transaction, accountId: string, streams: readonly (readonly RecordedEvent[])[]): Promise<void> {
    const folded = streams.flatMap((events) => {
      const { content, flags } = replayOrder(events);
      const [first] = events;
      return content && first ? [{ streamId: first.streamId, orderId: first.orderId, content, flags, merge: events.reduce(evolveMerge, NOT_MERGED) }] : [];
    });
    await projectOrders(tx, accountId, folded);
    await holdLineItems(tx, accountId, folded);
    const flagged = folded.filter(({ flags }) => flagsVersion(flags) > 0);
    if (flagged.length > 0) await this.flags.restoreAll(tx, new Map(flagged.map(({ streamId, flags }) => [streamId, flags])));
    const unread = folded.filter(({ content }) => isUnread(content)).map(({ orderId }) => orderId);
    await oweShipments(tx, accountId, unread);
    for (const { streamId, merge } of folded) if (merge !== NOT_MERGED) await restoreMerge(tx, streamId, merge);
  }

  /** After the last stream: what was linked where the log comes from is not owed here. */
  async settle(tx: Transaction, accountId: string): Promise<void> {
    await forgetLinkedItems(tx, accountId);
  }

  /** After the import is committed. */
  async analyse(): Promise<void> {
    await this.statistics.renew();
  }
}
