import { Injectable } from '@nestjs/common';
import type { JsonObject, JsonValue } from '../core/json.js';
import { isJsonObject } from '../core/json.js';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { isLostRace } from '../platform/event-log/lost-race.js';
import { ErasedOrderParts } from './erased-order-parts.service.js';
import type { ForgottenBuyer } from '../platform/erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../platform/erasure/holders-of-copies.js';
import { EventLog, VersionConflict } from '../platform/event-log/event-log.js';
import type { Announcement, NewEvent, RecordedEvent } from '../platform/event-log/events.js';
import { ERASED } from '../platform/vault/personal-data.js';
import { contentDocument } from './order.js';
import { BUYER_ERASED } from './order.events.js';
import { OrderReplay } from './order-replay.service.js';
import { replayOrder } from './replay-order.js';

/** People's commands take no part in the gate; three lost races in a row would be a bug. */
const MAX_TRIES = 3;

/** Lists, documents and search of orders whose key was destroyed. */
@Injectable()
export class ErasedOrders {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly replay: OrderReplay,
    private readonly parts: ErasedOrderParts,
    holders: HoldersOfCopies,
  ) {
    holders.register({ name: 'orders', forget: (buyer) => this.forget(buyer) });
  }

  private async forget(buyer: ForgottenBuyer): Promise<number> {
    for (const orderId of buyer.orderIds) await this.rewrite(buyer, orderId);
    if (buyer.orders.length > 0) await this.parts.statistics.renew();
    return buyer.orders.length;
  }

  private async rewrite(buyer: ForgottenBuyer, orderId: string): Promise<void> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      try {
        await this.database.transaction((tx) => this.rewriteOnce(tx, buyer, orderId));
        return;
      } catch (error) {
        if (!isLostRace(error)) throw error;
      }
    }
    throw new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'The order kept changing while its buyer was erased.' });
  }

  /**
   * The projection is rewritten from the log, whose keys are gone. The event moves the stream's version, so that a sync which read
   * the order before loses its gate and starts over.
   */
  private async rewriteOnce(tx: Transaction, buyer: ForgottenBuyer, orderId: string): Promise<void> {
    const { accountId } = buyer;
    const event = erasedEvent(buyer);
    await this.parts.ledger.holdOff(tx, accountId);
    const heads = await this.log.load(tx, accountId, [{ orderId, dedupKeys: [event.dedupKey] }]);
    const events = await this.parts.reader.streamIn(tx, accountId, orderId);
    if (events.length > 0 && (await this.replay.repairFrom(tx, accountId, events)) === null) throw new VersionConflict();
    if (heads.get(orderId)?.knownKeys.has(event.dedupKey)) return;
    const announce = announcementOf(events);
    const appends = [{ orderId, events: [event], ...(announce ? { announce } : {}) }];
    const opened = await this.log.append(tx, { accountId, fence: null, heads, appends });
    if (opened.length === 0) throw new VersionConflict();
  }
}

function erasedEvent({ erasureId }: ForgottenBuyer): NewEvent {
  const now = new Date();
  const times = { occurredAt: now, observedAt: now };
  return { type: BUYER_ERASED, source: 'service', dedupKey: `c:erasure:${erasureId}`, ...times, payload: { erasure_id: erasureId }, actor: 'erasure' };
}

/** Who keeps copies of their own is told which places to drop. */
function announcementOf(events: readonly RecordedEvent[]): Announcement | null {
  const { content } = replayOrder(events);
  if (!content) return null;
  return { topics: ['order.updated', BUYER_ERASED], changed: erasedPaths(contentDocument(content).document) };
}

function erasedPaths(document: JsonObject, parent = ''): string[] {
  return Object.entries(document).flatMap(([key, value]: [string, JsonValue]) => {
    if (value === ERASED || (key === 'shipments' && JSON.stringify(value).includes(ERASED))) return [parent + key];
    return isJsonObject(value) ? erasedPaths(value, `${parent}${key}.`) : [];
  });
}
