import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { isLostRace } from '../platform/event-log/lost-race.js';
import type { FlagChange } from './decide-change.js';
import { FlagTransaction, type RowResult } from './flag-transaction.service.js';
import { orderRepeated, writeConflict } from './flags.errors.js';
import { type FlagsState, UNSET_FLAGS } from './flags.events.js';
import { loadFlags, storeFlags } from './flags.store.js';

/** Changes race with the sync of the same order and are sent on to orders that replaced them; more rounds than this would hide a bug. */
const MAX_ROUNDS = 6;
/** Some 30 ms a transaction: an open one holds the readers of the log back. */
const ROWS_PER_TRANSACTION = 100;

/** Changes of a person to orders of one account. */
export interface ChangeBatch {
  readonly accountId: string;
  readonly actor: string;
  readonly at: Date;
  readonly changes: readonly FlagChange[];
}

/** What became of a change: the flags afterwards, of the order that stands for the named one now; or why nothing was done. */
export type ChangeResult = Exclude<RowResult, { readonly kind: 'successor' | 'again' }>;

/** A row that is not settled yet. */
interface OpenRow {
  readonly index: number;
  readonly change: FlagChange;
}

/** The flags of orders: our own facts, which no answer of Allegro ever changes. They need PostgreSQL and nothing else. */
@Injectable()
export class TechnicalFlags {
  constructor(
    private readonly database: Database,
    private readonly work: FlagTransaction,
  ) {}

  /**
   * Sets flags; each row wholly or not at all, whatever becomes of the others. The same value again, or the same key again, changes nothing.
   * A change of an order that was replaced goes to the one that replaced it.
   * @returns a result per change, in the order of the changes
   */
  async change(batch: ChangeBatch): Promise<ChangeResult[]> {
    const results = new Map<number, ChangeResult>();
    const firstOf = new Map<string, number>();
    let open: OpenRow[] = batch.changes.map((change, index) => ({ index, change }));
    for (let round = 1; round <= MAX_ROUNDS && open.length > 0; round += 1) {
      const { first, repeated } = Object.groupBy(open, (row) => (isFirstOf(firstOf, row) ? 'first' : 'repeated'));
      for (const { index, change } of repeated ?? []) results.set(index, { kind: 'refused', orderId: change.orderId, problem: orderRepeated() });
      open = await this.settleAll(batch, first ?? [], results);
    }
    return batch.changes.map((change, index) => results.get(index) ?? { kind: 'refused', orderId: change.orderId, problem: writeConflict() });
  }

  /** The flags of an order as of this transaction; all unset for one that was never projected. */
  async stateOf(tx: Transaction, streamId: string): Promise<FlagsState> {
    return (await loadFlags(tx, streamId)) ?? UNSET_FLAGS;
  }

  /** Overwrites the row of an order with what its log says: for a replay, inside the replay's transaction. */
  async restore(tx: Transaction, streamId: string, state: FlagsState): Promise<void> {
    await this.restoreAll(tx, new Map([[streamId, state]]));
  }

  /** As {@link restore} for many orders, by stream. */
  async restoreAll(tx: Transaction, states: ReadonlyMap<string, FlagsState>): Promise<void> {
    await storeFlags(tx, states);
  }

  /** @returns the rows that have to be tried again */
  private async settleAll(batch: ChangeBatch, rows: readonly OpenRow[], results: Map<number, ChangeResult>): Promise<OpenRow[]> {
    const again: OpenRow[] = [];
    for (let start = 0; start < rows.length; start += ROWS_PER_TRANSACTION) {
      again.push(...(await this.settle(batch, rows.slice(start, start + ROWS_PER_TRANSACTION), results)));
    }
    return again;
  }

  private async settle(batch: ChangeBatch, rows: readonly OpenRow[], results: Map<number, ChangeResult>): Promise<OpenRow[]> {
    const found = await this.tryRows(
      batch,
      rows.map(({ change }) => change),
    );
    return rows.flatMap((row, place): OpenRow[] => {
      const result = found?.[place];
      if (result === undefined || result.kind === 'again') return [row];
      if (result.kind === 'successor') return [{ ...row, change: { ...row.change, orderId: result.orderId } }];
      results.set(row.index, result);
      return [];
    });
  }

  private async tryRows(batch: ChangeBatch, changes: readonly FlagChange[]): Promise<RowResult[] | null> {
    try {
      return await this.database.transaction((tx) => this.work.run(tx, { ...batch, changes }));
    } catch (error) {
      // Somebody else has given the same invoice id meanwhile: the next look names the order that has it.
      if (isLostRace(error) || isTakenInvoiceId(error)) return null;
      throw error;
    }
  }
}

/** Two rows of a call on one order would each take the other's place in its stream. */
function isFirstOf(firstOf: Map<string, number>, { index, change }: OpenRow): boolean {
  const first = firstOf.get(change.orderId) ?? index;
  firstOf.set(change.orderId, first);
  return first === index;
}

function isTakenInvoiceId(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && constraint === 'flags_invoice_id';
}
