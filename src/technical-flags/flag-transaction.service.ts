import { Injectable } from '@nestjs/common';
import type { Problem } from '../core/problem.js';
import type { Transaction } from '../platform/database/transaction.js';
import { recordingTime } from '../platform/event-log/append-plan.js';
import { EventLog } from '../platform/event-log/event-log.js';
import type { StreamAppend } from '../platform/event-log/events.js';
import type { Head } from '../platform/event-log/heads.js';
import { lockFlags, loadOrderFlags } from './claims.store.js';
import { decideChange, type FlagChange, type KeyedDecision, wantedInvoiceId } from './decide-change.js';
import type { FlagDecision } from './decide-flags.js';
import { orderNotFound } from './flags.errors.js';
import { evolveFlags, flagsAnnouncement, type FlagsState } from './flags.events.js';
import type { OrderFlagsRow } from './order-flags-row.js';
import { findCommands, findInvoiceOwners, storeFlags } from './flags.store.js';

/** What became of one row in one transaction; `again`: another writer came first. */
export type RowResult =
  | { readonly kind: 'settled'; readonly orderId: string; readonly state: FlagsState; readonly changed: boolean }
  | { readonly kind: 'refused'; readonly orderId: string; readonly problem: Problem }
  | { readonly kind: 'successor'; readonly orderId: string }
  | { readonly kind: 'again' };

export interface RowBatch {
  readonly accountId: string;
  readonly actor: string;
  readonly at: Date;
  readonly changes: readonly FlagChange[];
}

/** A row whose events are about to be appended. */
interface Planned {
  readonly place: number;
  readonly change: FlagChange;
  readonly head: Head;
  readonly row: OrderFlagsRow;
  readonly events: readonly KeyedDecision[];
}

interface Loaded {
  readonly heads: ReadonlyMap<string, Head>;
  readonly rows: ReadonlyMap<string, OrderFlagsRow>;
  /** By stream, then by key. */
  readonly recorded: ReadonlyMap<string, ReadonlyMap<string, FlagDecision>>;
  readonly invoiceOwners: ReadonlyMap<string, string>;
}

/** Decides and appends the changes of up to some hundred orders in one transaction of a few statements, whatever their number. */
@Injectable()
export class FlagTransaction {
  constructor(private readonly eventLog: EventLog) {}

  /** @returns a result per change, in the order of the changes */
  async run(tx: Transaction, batch: RowBatch): Promise<RowResult[]> {
    const loaded = await this.load(tx, batch);
    const planned: Planned[] = [];
    const promised = new Set<string>();
    const results = batch.changes.map((change, place): RowResult | null => {
      const found = this.decide(loaded, change, promised);
      if ('kind' in found) return found;
      planned.push({ ...found, place, change });
      return null;
    });
    const after = await this.append(tx, batch, { planned, heads: loaded.heads });
    return results.map((result, place) => result ?? after.get(place) ?? { kind: 'again' });
  }

  private async load(tx: Transaction, { accountId, changes }: RowBatch): Promise<Loaded> {
    const questions = changes.map(({ orderId, commands }) => ({ orderId, dedupKeys: commands.map(({ dedupKey }) => dedupKey) }));
    const heads = await this.eventLog.load(tx, accountId, questions);
    const known = [...heads.values()].filter(({ streamId }) => streamId !== null);
    const streamIds = known.map(({ streamId }) => streamId ?? '');
    await lockFlags(tx, accountId, streamIds);
    const rows = await loadOrderFlags(tx, streamIds);
    const repeated = known.filter(({ knownKeys }) => knownKeys.size > 0);
    const recorded = new Map(repeated.map(({ streamId }) => [streamId ?? '', new Map<string, FlagDecision>()]));
    if (repeated.length > 0) {
      const keys = repeated.flatMap(({ knownKeys }) => [...knownKeys]);
      for (const command of await findCommands(tx, [...recorded.keys()], keys)) recorded.get(command.streamId)?.set(command.dedupKey, command);
    }
    const invoiceIds = changes.flatMap(({ commands }) => commands.flatMap(({ command }) => (command.kind === 'invoice' ? (command.invoiceId ?? []) : [])));
    const invoiceOwners = invoiceIds.length > 0 ? await findInvoiceOwners(tx, accountId, invoiceIds) : new Map<string, string>();
    return { heads, rows, recorded, invoiceOwners };
  }

  private decide({ heads, rows, recorded, invoiceOwners }: Loaded, change: FlagChange, promised: Set<string>): RowResult | Omit<Planned, 'place' | 'change'> {
    const { orderId } = change;
    const head = heads.get(orderId);
    const row = rows.get(head?.streamId ?? '');
    return head && row ? this.decideKnown({ recorded, invoiceOwners, head, row }, change, promised) : { kind: 'refused', orderId, problem: orderNotFound() };
  }

  private decideKnown(
    { head, row, recorded, invoiceOwners }: Pick<Loaded, 'recorded' | 'invoiceOwners'> & Pick<Planned, 'head' | 'row'>,
    change: FlagChange,
    promised: Set<string>,
  ): RowResult | Omit<Planned, 'place' | 'change'> {
    const { orderId } = change;
    if (row.successor !== null) return { kind: 'successor', orderId: row.successor };
    const facts = { ...row, recorded: recorded.get(row.streamId) ?? new Map<string, FlagDecision>(), invoiceOwners };
    const { events, refusal } = decideChange(facts, change);
    if (refusal) return { kind: 'refused', orderId, problem: refusal };
    if (events.length === 0) return { kind: 'settled', orderId, state: row.state, changed: false };
    return isPromised(promised, wantedInvoiceId(events)) ? { kind: 'again' } : { head, row, events };
  }

  private async append(
    tx: Transaction,
    { accountId, actor, at }: RowBatch,
    { planned, heads }: { planned: readonly Planned[]; heads: ReadonlyMap<string, Head> },
  ): Promise<Map<number, RowResult>> {
    if (planned.length === 0) return new Map();
    const appends = planned.map(({ change, events }): StreamAppend => {
      const whole = events.map((event) => ({ ...event, source: 'service' as const, occurredAt: at, observedAt: at, actor }));
      const announcements = events.map(({ type }) => flagsAnnouncement(type));
      const announce = { topics: [...new Set(announcements.flatMap(({ topics }) => topics))], changed: announcements.flatMap(({ changed }) => changed) };
      return { orderId: change.orderId, events: whole, announce };
    });
    const opened = new Set((await this.eventLog.append(tx, { accountId, fence: null, heads, appends })).map(({ orderId }) => orderId));
    const done = planned.filter(({ change }) => opened.has(change.orderId)).map((row) => ({ ...row, state: stateAfter(row) }));
    await storeFlags(tx, new Map(done.map(({ row, state }) => [row.streamId, state])));
    return new Map(done.map(({ place, change, state }) => [place, { kind: 'settled', orderId: change.orderId, state, changed: true }]));
  }
}

function stateAfter({ head, row, events }: Planned): FlagsState {
  const recordedAt = recordingTime(head);
  return events.reduce((state, event, index) => evolveFlags(state, { ...event, version: head.version + index + 1, recordedAt }), row.state);
}

/** An earlier row of this transaction gets the id; once it has it, the next look refuses this one by its name. */
function isPromised(promised: Set<string>, invoiceId: string | null): boolean {
  if (invoiceId === null) return false;
  const before = promised.has(invoiceId);
  promised.add(invoiceId);
  return before;
}
