import { Injectable } from '@nestjs/common';
import { EventReader } from '../platform/event-log/event-reader.js';
import { AccountStreams } from './account-streams.read-model.js';
import type { JsonObject } from '../core/json.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { type DocumentChange, documentChanges } from './document-changes.js';
import { evolveMerge, NOT_MERGED } from './merged-purchases.js';
import { viewOf } from './order-history.service.js';
import type { OrderView } from './order-json.js';
import type { OrderState } from './order.js';
import { foldHistory, stateAt } from './replay-order.js';
import { shownOf } from './order-timeline.js';

export interface PageQuestion {
  /** Id of the last order of the page before; '' for the first page. */
  readonly after: string;
  readonly limit: number;
}

/** Two instants of recording, the earlier first. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** What of one order differs between two instants; `old` is the earlier. */
export interface OrderDifference {
  readonly orderId: string;
  /** False where the order was not known yet at the earlier instant. */
  readonly isKnownBefore: boolean;
  readonly changes: readonly DocumentChange[];
}

/** A whole account in the past, read from the log some orders at a time. */
@Injectable()
export class AccountHistory {
  constructor(
    private readonly streams: AccountStreams,
    private readonly reader: EventReader,
  ) {}

  /** The orders as we knew them at an instant, by id; those replaced by another order are left out, as lists leave them out. */
  async asOf(accountId: string, at: Date, page: PageQuestion): Promise<{ views: OrderView[]; next: string | null }> {
    const found = await this.streams.page(accountId, { knownAt: at, changedAfter: null }, page);
    const streams = await this.reader.streams(accountId, found.orderIds, { recordedUntil: at });
    const views = found.orderIds.map((orderId) => viewOf(streams.get(orderId) ?? []));
    return { views: views.filter((view) => view !== null && view.mergedInto === null) as OrderView[], next: found.next };
  }

  /** What differs between two instants, order by order; orders that do not differ are left out. */
  async differences(accountId: string, span: Span, page: PageQuestion): Promise<{ orders: OrderDifference[]; next: string | null }> {
    const found = await this.streams.page(accountId, { knownAt: span.to, changedAfter: span.from }, page);
    const streams = await this.reader.streams(accountId, found.orderIds, { recordedUntil: span.to });
    const orders = found.orderIds.map((orderId) => differenceOf(orderId, streams.get(orderId) ?? [], span.from));
    return { orders: orders.filter((order) => order !== null && order.changes.length > 0) as OrderDifference[], next: found.next };
  }

  /** What differs of one order; null when it was not known at the later instant either. */
  async difference(accountId: string, orderId: string, { from, to }: Span): Promise<OrderDifference | null> {
    return differenceOf(orderId, await this.reader.stream(accountId, orderId, { recordedUntil: to }), from);
  }
}

function differenceOf(orderId: string, events: readonly RecordedEvent[], from: Date): OrderDifference | null {
  const states = foldHistory(events);
  const now = states.at(-1);
  if (!now?.content) return null;
  const past = events.filter(({ recordedAt }) => recordedAt <= from);
  const before = stateAt(events, states, past.at(-1)?.version ?? 0);
  return { orderId, isKnownBefore: before.content !== null, changes: documentChanges(answerOf(before, past), answerOf(now, events)) };
}

/** What an answer holds of an order, without our own times and ids. */
function answerOf(state: OrderState, events: readonly RecordedEvent[]): JsonObject {
  const { into, from, attention } = events.reduce(evolveMerge, NOT_MERGED);
  return { ...shownOf(state).document, merged_into: into, merged_from: [...from], attention };
}
