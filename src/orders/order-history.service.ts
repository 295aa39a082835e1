import { Injectable } from '@nestjs/common';
import { EventReader } from '../platform/event-log/event-reader.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { evolveMerge, NOT_MERGED } from './merged-purchases.js';
import type { OrderView } from './order-json.js';
import { orderDiff, type ValueChange } from './order-diff.js';
import { orderTimeline, type TimelineEntry } from './order-timeline.js';
import { snapshotOf } from './order-snapshot.js';
import { replayOrder } from './replay-order.js';

/** Which past is asked for: what we knew at an instant (recorded), what was true at it (occurred), or both. */
export interface AsOf {
  readonly recordedUntil?: Date;
  readonly occurredUntil?: Date;
}

/** The past of an order, read from its log. */
@Injectable()
export class OrderHistory {
  constructor(private readonly reader: EventReader) {}

  /** The order rebuilt from its events up to an instant, flags included, in the shape of the live answer; null when it was not known then. */
  async asOf(accountId: string, orderId: string, range: AsOf): Promise<OrderView | null> {
    return viewOf(await this.reader.stream(accountId, orderId, range));
  }

  /** What the announcement of a version changed, with both values: as the log shows them now, so nothing of a buyer who was erased. */
  async diff(accountId: string, orderId: string, { version, changed }: { version: number; changed: readonly string[] }): Promise<ValueChange[]> {
    return changed.length === 0 ? [] : orderDiff(await this.reader.stream(accountId, orderId), version, changed);
  }

  /** Every event of the order and what it changed; empty when the account has no such order. */
  async timeline(accountId: string, orderId: string): Promise<TimelineEntry[]> {
    return orderTimeline(await this.reader.stream(accountId, orderId));
  }
}

/** The order after these events, in the shape of the live answer; null when no form is among them. */
export function viewOf(events: readonly RecordedEvent[]): OrderView | null {
  const [first] = events;
  const { content, flags } = replayOrder(events);
  if (!first || !content) return null;
  const { document, fold } = snapshotOf(content);
  const merge = events.reduce(evolveMerge, NOT_MERGED);
  return {
    streamId: first.streamId,
    orderId: first.orderId,
    version: content.version,
    document: JSON.stringify(document),
    kept: fold.kept,
    createdAt: content.createdAt,
    updatedAt: content.updatedAt,
    isStockUpdated: flags.isStockUpdated,
    hasInvoiceCreated: flags.hasInvoiceCreated,
    invoiceId: flags.invoiceId,
    mergedInto: merge.into,
    mergedFrom: merge.from,
    attention: merge.attention,
  };
}
