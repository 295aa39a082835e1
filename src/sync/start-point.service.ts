import { Injectable } from '@nestjs/common';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { ACCOUNT_STREAM, type NewEvent } from '../platform/event-log/events.js';
import { wholeHistory } from './history-windows.js';
import { HistoryImport } from './history-import.service.js';
import { OrderSource } from './order-source.service.js';
import { advanceHistory, finishHistory, insertStartPoint } from './sync-cursors.store.js';
import type { SyncSession } from './sync-session.js';
import { type SyncCursor, SyncState } from './sync-state.read-model.js';

/**
 * First contact with an account: remember where the journal stands, import the history Allegro still lists, then drain from the
 * remembered place. Everything in between arrives twice and lands once.
 */
@Injectable()
export class StartPoint {
  constructor(
    private readonly state: SyncState,
    private readonly source: OrderSource,
    private readonly history: HistoryImport,
    private readonly log: EventLog,
    private readonly effects: EffectSeam,
  ) {}

  /** The account's cursor, its history imported; goes on where an interrupted import stopped. */
  async ensure(session: SyncSession): Promise<SyncCursor> {
    const cursor = (await this.state.cursor(session.accountId)) ?? (await this.begin(session));
    if (cursor.historyDoneAt === null) await this.importHistory({ ...session, share: 'backfill' }, cursor);
    return cursor;
  }

  private async begin(session: SyncSession): Promise<SyncCursor> {
    const { accountId, runId } = session;
    const latest = await this.source.latestEvent(session);
    const at = latest.observedAt;
    const eventId = latest.value?.id ?? null;
    const marker: NewEvent = {
      type: 'sync.start_point_set',
      source: 'service',
      dedupKey: 'c:start-point',
      occurredAt: at,
      observedAt: at,
      payload: { event_id: eventId, history_from: wholeHistory(at).from.toISOString() },
      actor: 'sync',
      causationId: runId,
      ...(latest.traceId === null ? {} : { traceId: latest.traceId }),
    };
    const start = { eventId, at, historyFrom: wholeHistory(at).from };
    await this.effects.perform('cursor.start', () =>
      this.log.commit({ accountId, orderId: ACCOUNT_STREAM, events: [marker] }, (tx) => insertStartPoint(tx, accountId, start)),
    );
    const cursor = await this.state.cursor(accountId);
    if (!cursor) throw new Error(`the start point of account ${accountId} was not stored`);
    return cursor;
  }

  private async importHistory(session: SyncSession, cursor: SyncCursor): Promise<void> {
    const window = { from: cursor.historyFrom ?? wholeHistory(cursor.startedAt).from, to: wholeHistory(cursor.startedAt).to };
    await this.history.import(session, window, (tx, until) => advanceHistory(tx, session.accountId, until));
    await this.history.finish((tx) => finishHistory(tx, session.accountId, new Date()));
  }
}
