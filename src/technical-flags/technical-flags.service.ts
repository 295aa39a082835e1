import { Injectable } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { recordingTime } from '../platform/event-log/append-plan.js';
import { EventLog, VersionConflict } from '../platform/event-log/event-log.js';
import type { Head } from '../platform/event-log/heads.js';
import { isLostRace } from '../platform/event-log/lost-race.js';
import { decideFlags, type FlagCommand, type FlagDecision, isRepetition } from './decide-flags.js';
import { idempotencyKeyReused, invoiceIdTaken, orderNotFound } from './flags.errors.js';
import { evolveFlags, flagsAnnouncement, type FlagsState, UNSET_FLAGS } from './flags.events.js';
import { findCommand, loadFlags, storeFlags, successorOf } from './flags.store.js';

/** Commands race with the sync of the same order only; more lost races in a row than this would hide a bug. */
const MAX_TRIES = 5;

/** A command of a person on one order. */
export interface FlagRequest {
  readonly accountId: string;
  readonly orderId: string;
  readonly command: FlagCommand;
  readonly actor: string;
  /** The Idempotency-Key of the request, or one generated for it. */
  readonly key: string;
  readonly at: Date;
}

/** What became of a command: the flags afterwards, or the order it belongs to now. */
type Outcome = { readonly state: FlagsState; readonly successor?: never } | { readonly successor: string; readonly state?: never };

/** The flags of orders: our own facts, which no answer of Allegro ever changes. They need PostgreSQL and nothing else. */
@Injectable()
export class TechnicalFlags {
  constructor(
    private readonly database: Database,
    private readonly eventLog: EventLog,
  ) {}

  /**
   * Sets a flag and answers the flags afterwards. The same value again, or the same key again, changes nothing.
   * A command on an order that was replaced goes to the one that replaced it.
   * @throws Problem ORDER_NOT_FOUND (404), INVOICE_ID_TAKEN (409), IDEMPOTENCY_KEY_REUSED (422), WRITE_CONFLICT (409, retry now)
   */
  async set(request: FlagRequest): Promise<FlagsState> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const outcome = await this.trySet(request);
      if (outcome?.successor !== undefined) return this.set({ ...request, orderId: outcome.successor });
      if (outcome) return outcome.state;
    }
    throw new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'Other changes to the same order came first; ask again.' });
  }

  /** The flags of an order as of this transaction; all unset for one that was never projected. */
  async stateOf(tx: Transaction, streamId: string): Promise<FlagsState> {
    return (await loadFlags(tx, streamId)) ?? UNSET_FLAGS;
  }

  /** Overwrites the row of an order with what its log says: for a replay, inside the replay's transaction. */
  async restore(tx: Transaction, streamId: string, state: FlagsState): Promise<void> {
    await storeFlags(tx, streamId, state);
  }

  private async trySet(request: FlagRequest): Promise<Outcome | null> {
    try {
      return await this.database.transaction((tx) => this.setOnce(tx, request));
    } catch (error) {
      if (isLostRace(error)) return null;
      if (isTakenInvoiceId(error)) throw invoiceIdTaken(error);
      throw error;
    }
  }

  private async setOnce(tx: Transaction, request: FlagRequest): Promise<Outcome> {
    const { accountId, orderId, command } = request;
    const dedupKey = `c:${request.key}`;
    const head = (await this.eventLog.load(tx, accountId, [{ orderId, dedupKeys: [dedupKey] }])).get(orderId);
    if (!head?.streamId) throw orderNotFound();
    const successor = await successorOf(tx, head.streamId);
    if (successor !== null) return { successor };
    const state = await loadFlags(tx, head.streamId);
    if (!state) throw orderNotFound();
    if (head.knownKeys.has(dedupKey)) {
      const recorded = await findCommand(tx, head.streamId, dedupKey);
      if (!recorded || !isRepetition(command, recorded)) throw idempotencyKeyReused();
      return { state };
    }
    const decision = decideFlags(state, command);
    return { state: decision ? await this.append(tx, head, { request, state, decision, dedupKey }) : state };
  }

  private async append(
    tx: Transaction,
    head: Head,
    { request, state, decision, dedupKey }: { request: FlagRequest; state: FlagsState; decision: FlagDecision; dedupKey: string },
  ): Promise<FlagsState> {
    const { accountId, orderId, actor, at } = request;
    const event = { ...decision, source: 'service' as const, dedupKey, occurredAt: at, observedAt: at, actor };
    const heads = new Map([[orderId, head]]);
    const [opened] = await this.eventLog.append(tx, {
      accountId,
      fence: null,
      heads,
      appends: [{ orderId, events: [event], announce: flagsAnnouncement(event.type) }],
    });
    if (!opened) throw new VersionConflict();
    const after = evolveFlags(state, { ...decision, version: opened.version, recordedAt: recordingTime(head) });
    await storeFlags(tx, opened.streamId, after);
    return after;
  }
}

function isTakenInvoiceId(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && constraint === 'flags_invoice_id';
}
