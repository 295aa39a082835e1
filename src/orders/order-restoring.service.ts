import { Injectable } from '@nestjs/common';
import { batchesOf } from '../core/batches.js';
import type { Transaction } from '../platform/database/transaction.js';
import { recordingTime } from '../platform/event-log/append-plan.js';
import { EventLog, VersionConflict } from '../platform/event-log/event-log.js';
import { EventReader } from '../platform/event-log/event-reader.js';
import type { NewEvent, RecordedEvent } from '../platform/event-log/events.js';
import type { Head, OpenedStream } from '../platform/event-log/heads.js';
import { evolveFlags, type FlagsState } from '../technical-flags/flags.events.js';
import { TechnicalFlags } from '../technical-flags/technical-flags.service.js';
import type { StreamHead } from './account-streams.read-model.js';
import type { DocumentChange } from './document-changes.js';
import { evolveMerge, NOT_MERGED } from './merged-purchases.js';
import { type OrderState, restoreContent } from './order.js';
import { projectOrders } from './orders.store.js';
import { foldHistory, stateAt } from './replay-order.js';
import { type PastOrder, planRestore, type RestoreOrigin, stateChanges } from './restored-order.js';

/** Streams per statement, as everywhere the log is written: a projected document weighs some ten kilobytes. */
const STREAMS_PER_STATEMENT = 200;

/** Streams read in one query: some hundred kilobytes of events. */
const STREAMS_PER_READ = 25;

/** An order that may be put back: where its stream ends, and where it is put back to. */
export interface RestoreTarget extends StreamHead {
  readonly restoredVersion: number;
}

/** What putting an order back to an instant comes to. */
export type RestoreProspect = { readonly kind: 'differs'; readonly restoredVersion: number } | { readonly kind: 'equal' | 'unknown_then' | 'merged' };

/** An order with everything that is written when it is put back. */
export interface PreparedRestore extends RestoreTarget {
  readonly now: OrderState;
  readonly past: PastOrder;
}

/** Puts orders back to what they were: new events that name an older version, and the projections after them. */
@Injectable()
export class OrderRestoring {
  constructor(
    private readonly reader: EventReader,
    private readonly log: EventLog,
    private readonly flags: TechnicalFlags,
  ) {}

  /** What putting each of these orders back would change, by the events up to its head. An order replaced by another one stays replaced. */
  async prospects(accountId: string, heads: readonly StreamHead[], asOf: Date): Promise<RestoreProspect[]> {
    return this.ofEach(accountId, heads, (_head, events) => prospectOf(events, asOf));
  }

  /** What each target changes, read from the log again: `old` is what stood at its head. */
  async changes(accountId: string, targets: readonly RestoreTarget[]): Promise<DocumentChange[][]> {
    return (await this.prepare(accountId, targets)).map(({ now, past }) => stateChanges(now, past.state));
  }

  /** Reads what {@link append} writes; before its transaction, so that this one is short. */
  async prepare(accountId: string, targets: readonly RestoreTarget[]): Promise<PreparedRestore[]> {
    return this.ofEach(accountId, targets, preparedFrom);
  }

  /** Loads the heads for {@link append}; the first statement of its transaction. */
  async load(tx: Transaction, accountId: string, targets: readonly RestoreTarget[]): Promise<Map<string, Head>> {
    return this.log.load(
      tx,
      accountId,
      targets.map(({ orderId }) => ({ orderId, dedupKeys: [] })),
    );
  }

  /**
   * Appends the restores and projects them, all or none. The caller has seen that every head is still the target's.
   * @throws VersionConflict when another writer came between: the transaction must end with it
   */
  async append(
    tx: Transaction,
    accountId: string,
    restores: readonly PreparedRestore[],
    { heads, origin }: { heads: ReadonlyMap<string, Head>; origin: RestoreOrigin },
  ): Promise<void> {
    const flags = new Map<PreparedRestore, FlagsState>();
    const readable = await this.withoutErased(tx, accountId, { restores, heads });
    for (const part of batchesOf(readable, STREAMS_PER_STATEMENT)) {
      const planned = new Map(part.map((restore) => [restore.orderId, planRestore(restore.now, restore.past, origin)]));
      const appends = [...planned].map(([orderId, plan]) => ({ orderId, ...plan }));
      const opened = await this.log.append(tx, { accountId, fence: null, heads, appends });
      if (opened.length < part.length) throw new VersionConflict();
      await projectOrders(
        tx,
        accountId,
        part.flatMap((restore) => projected(restore, heads, opened)),
      );
      for (const restore of part) {
        const after = flagsAfter(restore, planned.get(restore.orderId)?.events ?? [], heads.get(restore.orderId));
        if (after !== restore.now.flags) flags.set(restore, after);
      }
    }
    await this.putFlagsBack(tx, flags);
  }

  /** A buyer may have been erased after their order was read: then it is read again, as it reads now. */
  private async withoutErased(
    tx: Transaction,
    accountId: string,
    { restores, heads }: { restores: readonly PreparedRestore[]; heads: ReadonlyMap<string, Head> },
  ): Promise<PreparedRestore[]> {
    const readable: PreparedRestore[] = [];
    for (const restore of restores) {
      const head = heads.get(restore.orderId);
      const isErased = head?.hasKey === true && head.wrappedKey === null;
      readable.push(isErased ? preparedFrom(restore, await this.reader.streamIn(tx, accountId, restore.orderId)) : restore);
    }
    return readable;
  }

  /** An invoice id leaves all orders before any takes it: it is one order's at a time. */
  private async putFlagsBack(tx: Transaction, flags: ReadonlyMap<PreparedRestore, FlagsState>): Promise<void> {
    for (const [{ streamId, now }, after] of flags) {
      if (now.flags.invoiceId !== null && now.flags.invoiceId !== after.invoiceId) await this.flags.restore(tx, streamId, { ...after, invoiceId: null });
    }
    for (const [{ streamId }, after] of flags) await this.flags.restore(tx, streamId, after);
  }

  private async ofEach<Head extends StreamHead, Result>(
    accountId: string,
    heads: readonly Head[],
    judge: (head: Head, events: readonly RecordedEvent[]) => Result,
  ): Promise<Result[]> {
    const results: Result[] = [];
    for (const batch of batchesOf(heads, STREAMS_PER_READ)) {
      const orderIds = batch.map(({ orderId }) => orderId);
      const streams = await this.reader.streams(accountId, orderIds);
      results.push(
        ...batch.map((head) =>
          judge(
            head,
            (streams.get(head.orderId) ?? []).filter(({ version }) => version <= head.version),
          ),
        ),
      );
    }
    return results;
  }
}

function preparedFrom(target: RestoreTarget, events: readonly RecordedEvent[]): PreparedRestore {
  const states = foldHistory(events);
  const state = stateAt(events, states, target.restoredVersion);
  return { ...target, now: stateAt(events, states, target.version), past: { version: target.restoredVersion, state } };
}

function prospectOf(events: readonly RecordedEvent[], asOf: Date): RestoreProspect {
  const states = foldHistory(events);
  const restoredVersion = events.filter(({ recordedAt }) => recordedAt <= asOf).at(-1)?.version ?? 0;
  const past = stateAt(events, states, restoredVersion);
  if (!past.content) return { kind: 'unknown_then' };
  if (events.reduce(evolveMerge, NOT_MERGED).into !== null) return { kind: 'merged' };
  const changes = stateChanges(states.at(-1) ?? past, past);
  return changes.length === 0 ? { kind: 'equal' } : { kind: 'differs', restoredVersion };
}

function projected({ orderId, now, past, version }: PreparedRestore, heads: ReadonlyMap<string, Head>, opened: readonly OpenedStream[]) {
  const [head, stream] = [heads.get(orderId), opened.find((one) => one.orderId === orderId)];
  if (!head || !stream || !past.state.content) return [];
  const content = restoreContent(past.state.content, now.content, { version: version + 1, recordedAt: recordingTime(head) });
  return [{ streamId: stream.streamId, orderId, content }];
}

function flagsAfter({ now, version }: PreparedRestore, events: readonly NewEvent[], head: Head | undefined): FlagsState {
  if (!head) return now.flags;
  const recordedAt = recordingTime(head);
  return events.reduce((state, event, index) => evolveFlags(state, { ...event, version: version + index + 1, recordedAt }), now.flags);
}
