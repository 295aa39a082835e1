import { Injectable } from '@nestjs/common';
import { canonicalJson, type JsonObject, type JsonValue } from '../core/json.js';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { ErasureLedger } from '../platform/erasure/erasure-ledger.js';
import { recordingTime } from '../platform/event-log/append-plan.js';
import { EventLog, VersionConflict } from '../platform/event-log/event-log.js';
import type { Fence, NewEvent } from '../platform/event-log/events.js';
import type { Head } from '../platform/event-log/heads.js';
import { isLostRace } from '../platform/event-log/lost-race.js';
import { FORM_SCHEMA_VERSION, SHIPMENTS_READ, shipmentsDedupKey } from './order.events.js';
import { evolveShipments, type OrderContent, shipmentsIn } from './order.js';
import { OrderReplay } from './order-replay.service.js';
import { loadContents, projectOrders } from './orders.store.js';
import { type OwedShipments, settleShipments } from './owed-shipments.store.js';
import { readableForm } from './readable-form.js';

/** Races are with people's commands on the same order only; three tries outlast them. */
const MAX_TRIES = 3;

/** What Allegro answered about the parcels of an order. */
export interface ShipmentsReading {
  readonly owed: OwedShipments;
  readonly answer: JsonObject;
  readonly observedAt: Date;
  readonly traceId: string | null;
}

export interface ShipmentsOrigin {
  readonly accountId: string;
  readonly fence: Fence | null;
  readonly causationId: string;
}

type Outcome = 'landed' | 'behind';

/** The one way of parcel numbers into the log and its projections. */
@Injectable()
export class ShipmentsRecorder {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly ledger: ErasureLedger,
    private readonly replay: OrderReplay,
  ) {}

  /**
   * Appends the answer unless it is what the order holds, and settles what was owed with it.
   * @throws Problem `WRITE_CONFLICT` (409, retry now) when the order kept changing
   */
  async record(origin: ShipmentsOrigin, reading: ShipmentsReading): Promise<void> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      try {
        const outcome = await this.database.transaction((tx) => this.recordOnce(tx, origin, reading));
        if (outcome === 'landed') return;
        await this.replay.rebuild(origin.accountId, reading.owed.orderId);
      } catch (error) {
        if (!isLostRace(error)) throw error;
      }
    }
    throw new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'Other changes to the same order came first three times; ask again.' });
  }

  private async recordOnce(tx: Transaction, origin: ShipmentsOrigin, reading: ShipmentsReading): Promise<Outcome> {
    const { accountId } = origin;
    const { orderId } = reading.owed;
    const loaded = (await this.log.load(tx, accountId, [{ orderId, dedupKeys: [] }])).get(orderId);
    if (loaded?.streamId != null && loaded.contentVersion !== null) {
      const head = await this.unlessErased(tx, accountId, loaded);
      const content = (await loadContents(tx, [loaded.streamId])).get(loaded.streamId);
      if (!content || content.version < loaded.contentVersion) return 'behind';
      await this.append(tx, origin, { reading, head, content, streamId: loaded.streamId });
    }
    await settleShipments(tx, accountId, reading.owed);
    return 'landed';
  }

  /** The head as it is written behind: of an erased order nothing personal is kept again. */
  private async unlessErased(tx: Transaction, accountId: string, head: Head): Promise<Head> {
    const document = {};
    const isErased = await this.ledger.recall(tx, accountId, [{ orderId: head.orderId, document }]);
    return isErased(document) ? { ...head, hasKey: true, wrappedKey: null } : head;
  }

  private async append(
    tx: Transaction,
    origin: ShipmentsOrigin,
    { reading, head, content, streamId }: { reading: ShipmentsReading; head: Head; content: OrderContent; streamId: string },
  ): Promise<void> {
    const { accountId, fence } = origin;
    const { orderId } = reading.owed;
    const readable = readableForm(reading.answer, (text) => this.ledger.keys.keyedHash('content', `${orderId}\n${text}`));
    const payload = readable.stored(head.hasKey && head.wrappedKey === null);
    if (isSameList(shipmentsIn(payload), content.shipments ?? [])) return;
    const event = eventOf(origin, reading, shipmentsDedupKey(content.version, readable.hash));
    const announce = { topics: ['order.updated'], changed: ['shipments'] };
    const opened = await this.log.append(tx, { accountId, fence, heads: new Map([[orderId, head]]), appends: [{ orderId, events: [event], announce }] });
    if (opened.length === 0) throw new VersionConflict();
    const folded = { ...event, schemaVersion: FORM_SCHEMA_VERSION, version: head.version + 1, recordedAt: recordingTime(head), payload };
    await projectOrders(tx, accountId, [{ streamId, orderId, content: evolveShipments(content, folded) }]);
  }
}

function eventOf({ causationId }: ShipmentsOrigin, { answer, observedAt, traceId }: ShipmentsReading, dedupKey: string): NewEvent {
  const times = { occurredAt: observedAt, observedAt };
  const trace = traceId === null ? {} : { traceId };
  return {
    type: SHIPMENTS_READ,
    source: 'service',
    schemaVersion: FORM_SCHEMA_VERSION,
    dedupKey,
    ...times,
    payload: answer,
    actor: 'sync',
    causationId,
    ...trace,
  };
}

/** The order of parcels says nothing. */
function isSameList(one: readonly JsonValue[], other: readonly JsonValue[]): boolean {
  const text = (list: readonly JsonValue[]) => JSON.stringify(list.map(canonicalJson).sort());
  return text(one) === text(other);
}
