import { Injectable } from '@nestjs/common';
import { Problem } from '../../core/problem.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { OrderKeys } from '../vault/order-keys.js';
import { planStream } from './append-plan.js';
import { appendRows, loadHeads } from './event-log.store.js';
import type { Announcement, Fence, NewEvent, StreamAppend } from './events.js';
import type { Head, OpenedStream, StreamQuestion } from './heads.js';
import { isLostRace } from './lost-race.js';

/** Races are rare (one writer leads an account); three tries outlast them, more would hide a bug. */
const MAX_TRIES = 3;

export interface Commit {
  readonly accountId: string;
  readonly orderId: string;
  readonly events: readonly NewEvent[];
  readonly announce?: Announcement;
  /** The lease of a writer; without it the commit is a person's command. */
  readonly fence?: Fence;
}

export interface CommitResult {
  /** Version of the stream after the commit. */
  readonly version: number;
  /** False when every event was known already. */
  readonly appended: boolean;
}

/** The append-only log: load heads, decide, append; one transaction of one account, repeated when another writer was faster. */
@Injectable()
export class EventLog {
  constructor(
    private readonly database: Database,
    private readonly keys: OrderKeys,
  ) {}

  /** Heads of the asked streams, in the order asked. Must be the first statement of its transaction. */
  async load(tx: Transaction, accountId: string, streams: readonly StreamQuestion[]): Promise<Map<string, Head>> {
    return loadHeads(tx, accountId, streams);
  }

  /**
   * Appends to many streams in one statement, behind the heads {@link load} gave in the same transaction.
   * @returns the streams that opened; one that is missing met another writer, nothing of it was written: repeat it in a new transaction
   */
  async append(
    tx: Transaction,
    batch: { accountId: string; fence: Fence | null; heads: ReadonlyMap<string, Head>; appends: readonly StreamAppend[] },
  ): Promise<OpenedStream[]> {
    const planned = batch.appends.map((append) => {
      const head = batch.heads.get(append.orderId);
      if (!head) throw new Error(`the head of stream "${append.orderId}" was not loaded`);
      return planStream(batch.accountId, head, append, {
        stream: this.keys.sealerFor(batch.accountId, head),
        ofEvent: (event) => this.keys.eventSealer(batch.accountId, event.dedupKey, event.ownKey.isErased),
      });
    });
    // Nothing to append still checks the fence: the rows that commit beside it (a cursor) must not be a stale writer's.
    if (planned.length === 0 && !batch.fence) return [];
    const rows = { heads: planned.map((stream) => stream.head), events: planned.flatMap((stream) => stream.events) };
    return appendRows(tx, batch.accountId, batch.fence?.generation ?? null, rows);
  }

  /**
   * Appends events to one stream together with other row writes (`work`), in one transaction.
   * Events whose dedup key is known are dropped; `work` runs all the same, so make it repeatable.
   * @throws Problem `WRITE_CONFLICT` (409, retry now) when three tries lost their race
   */
  async commit(commit: Commit, work?: (tx: Transaction) => Promise<void>): Promise<CommitResult> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const result = await this.tryCommit(commit, work);
      if (result) return result;
    }
    throw new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'Another change to the same order or account came first; ask again.' });
  }

  private async tryCommit(commit: Commit, work?: (tx: Transaction) => Promise<void>): Promise<CommitResult | null> {
    try {
      return await this.database.transaction(async (tx) => this.commitOnce(tx, commit, work));
    } catch (error) {
      if (isLostRace(error)) return null;
      throw error;
    }
  }

  private async commitOnce(tx: Transaction, commit: Commit, work?: (tx: Transaction) => Promise<void>): Promise<CommitResult> {
    const { accountId, orderId } = commit;
    const heads = await this.load(tx, accountId, [{ orderId, dedupKeys: commit.events.map((event) => event.dedupKey) }]);
    const head = heads.get(orderId);
    const events = commit.events.filter((event) => !head?.knownKeys.has(event.dedupKey));
    await work?.(tx);
    if (events.length === 0) return { version: head?.version ?? 0, appended: false };
    const [opened] = await this.append(tx, {
      accountId,
      fence: commit.fence ?? null,
      heads,
      appends: [{ orderId, events, ...(commit.announce ? { announce: commit.announce } : {}) }],
    });
    if (!opened) throw new VersionConflict();
    return { version: opened.version, appended: true };
  }
}

/** Ends a transaction whose stream was moved by another writer, so that nothing half done stays. */
export class VersionConflict extends Error {
  readonly code = 'VERSION_CONFLICT';
}
