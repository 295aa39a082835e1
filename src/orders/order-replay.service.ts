import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { EventReader } from '../platform/event-log/event-reader.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { TechnicalFlags } from '../technical-flags/technical-flags.service.js';
import { type DocumentChange, documentChanges } from './document-changes.js';
import { restoreMerge } from './line-items.store.js';
import { evolveMerge, NOT_MERGED } from './merged-purchases.js';
import { factsOf } from './order-facts.js';
import { projectedContent, projectedFlags } from './order-projection.js';
import { lockProjection, projectOrders, streamVersion } from './orders.store.js';
import { replayOrder } from './replay-order.js';

/** A writer may be faster than a replay now and then; three times in a row means the order changes faster than it can be read. */
const MAX_TRIES = 3;

export interface ReplayReport {
  readonly orderId: string;
  /** Version of the stream that was replayed, and how many events that is. */
  readonly version: number;
  readonly events: number;
  /** What the projection held (old) and what the log says (new); empty when they agree. */
  readonly differences: readonly DocumentChange[];
  readonly repaired: boolean;
}

/** Rebuilds the projection of an order from its log, which is the truth. */
@Injectable()
export class OrderReplay {
  constructor(
    private readonly database: Database,
    private readonly reader: EventReader,
    private readonly flags: TechnicalFlags,
  ) {}

  /**
   * Replays an order's stream, compares it with its projection and repairs what differs.
   * @returns null when the log has no such order
   * @throws Problem `WRITE_CONFLICT` (409, retry now) when the order kept changing meanwhile
   */
  async rebuild(accountId: string, orderId: string): Promise<ReplayReport | null> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const events = await this.reader.stream(accountId, orderId);
      if (events.length === 0) return null;
      const report = await this.database.transaction((tx) => this.repairFrom(tx, accountId, events));
      if (report) return report;
    }
    throw new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'The order kept changing while it was replayed; ask again.' });
  }

  /** Compares what is projected with these events, all of one stream, and repairs it; null when the stream holds newer ones by now. */
  async repairFrom(tx: Transaction, accountId: string, events: readonly RecordedEvent[]): Promise<ReplayReport | null> {
    const last = events.at(-1);
    const { content, flags } = replayOrder(events);
    if (!last) return null;
    const { streamId, orderId, version } = last;
    if (!content) return { orderId, version, events: events.length, differences: [], repaired: false };
    const projected = await lockProjection(tx, streamId);
    // Another writer committed after the events were read: what it wrote must not be taken for a difference.
    if ((await streamVersion(tx, streamId)) !== version) return null;
    const projection = projectedContent(orderId, content);
    const replayed = { ...projection, flags: projectedFlags(flags), facts: factsOf(projection, events) };
    const differences = documentChanges(plain(projected ?? {}), plain(replayed));
    if (differences.length > 0) {
      await projectOrders(tx, accountId, [{ streamId, orderId, content }], true);
      await this.flags.restore(tx, streamId, flags);
      await restoreMerge(tx, streamId, events.reduce(evolveMerge, NOT_MERGED));
    }
    return { orderId, version, events: events.length, differences, repaired: differences.length > 0 };
  }
}

/** Undefined members gone, so that what was computed compares with what was stored. */
const plain = (value: object) => JSON.parse(JSON.stringify(value)) as JsonObject;
