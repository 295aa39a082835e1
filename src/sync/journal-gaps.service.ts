import { Injectable, Logger } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Transaction } from '../platform/database/transaction.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { ACCOUNT_STREAM, type NewEvent } from '../platform/event-log/events.js';
import { Metrics } from '../platform/observability/metrics.js';
import { eventId } from './drain.js';
import { wholeHistory } from './history-windows.js';
import { OrderSource } from './order-source.service.js';
import { expiryOf, hasGap } from './reach.js';
import { sweepSoon } from './sweep-schedules.store.js';
import { reopenHistory } from './sync-cursors.store.js';
import type { SyncSession } from './sync-session.js';
import { type SyncCursor, SyncState } from './sync-state.read-model.js';

/** A journal that was left alone longer than Allegro keeps it has lost events: then the orders themselves are read again. */
@Injectable()
export class JournalGaps {
  private readonly logger = new Logger('sync');
  private readonly gaps: Counter;

  constructor(
    private readonly state: SyncState,
    private readonly source: OrderSource,
    private readonly log: EventLog,
    private readonly effects: EffectSeam,
    metrics: Metrics,
  ) {
    this.gaps = metrics.counter({ name: 'sync_journal_gaps_total', help: 'Journals that were left alone longer than Allegro keeps events' });
  }

  /** Records a gap and has the history imported again by the run that follows. */
  async bridge(session: SyncSession): Promise<void> {
    const cursor = await this.state.cursor(session.accountId);
    const readAt = cursor ? lastRead(cursor) : null;
    // Asked only when it may matter: every other run costs Allegro nothing.
    if (cursor === null || readAt === null || expiryOf('events', readAt, new Date()).level !== 'passed') return;
    const kept = await this.source.events(session, null);
    const oldest = kept.value.map(eventId).find((id) => id !== null) ?? null;
    if (hasGap({ lastEventId: cursor.lastEventId, readAt }, oldest, new Date())) await this.record(session, cursor, { readAt, oldest, at: kept.observedAt });
  }

  private async record(session: SyncSession, cursor: SyncCursor, gap: { readAt: Date; oldest: string | null; at: Date }): Promise<void> {
    const { accountId, runId } = session;
    const event: NewEvent = {
      type: 'sync.gap_detected',
      source: 'service',
      dedupKey: `c:gap:${gap.readAt.toISOString()}`,
      occurredAt: gap.at,
      observedAt: gap.at,
      payload: { last_read_at: gap.readAt.toISOString(), last_event_id: cursor.lastEventId, oldest_event_id: gap.oldest },
      actor: 'sync',
      causationId: runId,
    };
    const commit = { accountId, orderId: ACCOUNT_STREAM, events: [event] };
    await this.effects.perform('journal.gap', () => this.log.commit(commit, (tx) => reread(tx, accountId, gap.at)));
    this.gaps.inc();
    this.logger.warn('events of an account passed out of reach unread; all its orders are read again', {
      account_id: accountId,
      last_read_at: gap.readAt.toISOString(),
    });
  }
}

/** When the journal was last read to its end (to ten minutes); null while the history is being imported, which makes up for everything. */
function lastRead(cursor: SyncCursor): Date | null {
  return cursor.historyDoneAt === null ? null : (cursor.overlapReadAt ?? cursor.historyDoneAt);
}

async function reread(tx: Transaction, accountId: string, at: Date): Promise<void> {
  await reopenHistory(tx, accountId, wholeHistory(at).from);
  await sweepSoon(tx, accountId);
}
