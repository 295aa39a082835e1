import { Injectable, Logger } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { HeldReason } from '../data-protection/held-reason.js';
import { JudgementWindow } from '../data-protection/judgement-window.service.js';
import type { JsonObject } from '../core/json.js';
import type { Transaction } from '../platform/database/transaction.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { ACCOUNT_STREAM, type NewEvent } from '../platform/event-log/events.js';
import { Metrics } from '../platform/observability/metrics.js';
import { syncNotPaused } from './sync-pauses.errors.js';
import { SyncPauses } from './sync-pauses.read-model.js';
import { closePause, openPause } from './sync-pauses.store.js';
import type { SyncSession } from './sync-session.js';

interface Pause {
  readonly id: string;
  readonly causes: readonly HeldReason[];
  readonly forms: number;
}

/** Stops and restarts an account's sync of forms; its journal goes on being captured, and other accounts notice nothing. */
@Injectable()
export class SyncPausing {
  private readonly logger = new Logger('sync');
  private readonly paused: Counter;

  constructor(
    private readonly log: EventLog,
    private readonly window: JudgementWindow,
    private readonly pauses: SyncPauses,
    metrics: Metrics,
  ) {
    this.paused = metrics.counter({ name: 'sync_pauses_total', help: 'Accounts whose sync of forms was paused because of what Allegro answered' });
  }

  async isPaused(accountId: string): Promise<boolean> {
    return (await this.pauses.openOf(accountId)) !== null;
  }

  /** Pauses the session's account together with `work` (what is kept of the batch, and the cursor), and says so once. */
  async pause(session: SyncSession, pause: Pause, work: (tx: Transaction) => Promise<void>): Promise<void> {
    const { accountId, runId, fence } = session;
    const causes = pause.causes.map(({ code, detail }) => ({ code, detail }));
    const event = happened('sync.paused', pause.id, { actor: 'sync', payload: { pause_id: pause.id, causes, forms: pause.forms } });
    const commit = {
      accountId,
      orderId: ACCOUNT_STREAM,
      events: [{ ...event, causationId: runId }],
      announce: { topics: ['sync.paused'], changed: [] },
      fence,
    };
    await this.log.commit(commit, async (tx) => {
      await openPause(tx, { id: pause.id, accountId, causes, forms: pause.forms });
      await work(tx);
    });
    this.paused.inc();
    this.logger.error(`the sync of account ${accountId} is paused: ${causes.map(({ detail }) => detail).join('; ')}`, {
      pause_id: pause.id,
      forms: pause.forms,
    });
  }

  /** Lets the account's forms be read again, those put aside first. @throws Problem SYNC_NOT_PAUSED (409) */
  async resume(accountId: string, actor: string, pauseId: string): Promise<void> {
    const event = happened('sync.resumed', pauseId, { actor, payload: { pause_id: pauseId } });
    const commit = { accountId, orderId: ACCOUNT_STREAM, events: [event], announce: { topics: ['sync.resumed'], changed: [] } };
    await this.log.commit(commit, async (tx) => {
      if ((await closePause(tx, accountId, actor)) !== pauseId) throw syncNotPaused();
      await this.window.forget(tx, accountId);
    });
  }
}

function happened(type: 'sync.paused' | 'sync.resumed', pauseId: string, about: { actor: string; payload: JsonObject }): NewEvent {
  const now = new Date();
  return { type, source: 'service', dedupKey: `c:${type}:${pauseId}`, occurredAt: now, observedAt: now, ...about };
}
