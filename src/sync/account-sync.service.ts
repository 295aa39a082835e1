import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { WriterLeases } from '../platform/event-log/writer-leases.js';
import { CoarseSync } from './coarse-sync.service.js';
import { JournalSync } from './journal-sync.service.js';
import { LeaseKeeper } from './lease-keeper.js';
import { endOf, type RunEnd } from './run-end.js';
import { closeRun, openRun, type RunStart, type StartedRun } from './sync-runs.store.js';
import { type SyncSession, SyncTally } from './sync-session.js';

/** What is asked of a run. */
export interface SyncRequest {
  readonly tenantId: string;
  readonly accountId: string;
  /** The token that leads the account. */
  readonly tokenId: string;
  /** Null for a periodic run. */
  readonly taskId: string | null;
  /** Purchases from this instant on (full); null with `syncType` full means all Allegro lists. */
  readonly from: Date | null;
  readonly syncType: RunStart['syncType'];
  readonly signal: AbortSignal;
  /** Asked every few seconds; false stops the run before its next request. */
  readonly mayRun: () => Promise<boolean>;
  readonly onProgress?: (fraction: number) => Promise<void>;
}

export type SyncOutcome = { readonly kind: 'busy' } | { readonly kind: 'ended'; readonly end: RunEnd; readonly tally: SyncTally };

/** A periodic run that found nothing leaves no row: there is one every few seconds. */
const isWorthKeeping = ({ tally }: SyncSession, { status }: RunEnd) => tally.changedAnything || status === 'FAILED';

function sessionOf(request: SyncRequest, { generation, signal }: { generation: string; signal: AbortSignal }): SyncSession {
  const { tenantId, accountId, tokenId, syncType } = request;
  const share = syncType === 'full' ? 'backfill' : 'live';
  return { tenantId, accountId, tokenId, runId: randomUUID(), fence: { generation }, share, signal, tally: new SyncTally() };
}

/** One run of an account's sync: at most one at a time over all tokens, queues and processes, fenced by the account's writer lease. */
@Injectable()
export class AccountSync {
  constructor(
    private readonly leases: WriterLeases,
    private readonly journal: JournalSync,
    private readonly coarse: CoarseSync,
    private readonly database: Database,
    private readonly effects: EffectSeam,
  ) {}

  /** Runs to the end, to a failure (told in the outcome) or until it is stopped; `busy` while another run of the account goes on. */
  async run(request: SyncRequest): Promise<SyncOutcome> {
    // Names the process, so that an operator sees who holds an account.
    const lease = await this.leases.claim(request.accountId, `${String(process.pid)}@${hostname()} ${randomUUID()}`);
    if (!lease) return { kind: 'busy' };
    const keeper = new LeaseKeeper(() => this.leases.renew(lease), request.mayRun);
    try {
      return await this.runFenced(request, { generation: lease.generation, signal: AbortSignal.any([request.signal, keeper.signal]) });
    } finally {
      keeper.stop();
      await this.leases.release(lease);
    }
  }

  private async runFenced(request: SyncRequest, right: { generation: string; signal: AbortSignal }): Promise<SyncOutcome> {
    const { taskId, syncType, from } = request;
    const start: RunStart = { taskId, syncType, startedAt: new Date(), from, to: null };
    const fresh = sessionOf(request, right);
    const opened = taskId === null ? null : await this.open(fresh, start);
    const session = opened ? { ...fresh, runId: opened.id } : fresh;
    const end = await this.perform(session, request, opened?.resumeFrom ?? null);
    if (opened || isWorthKeeping(session, end)) {
      await this.effects.perform('run.finish', () => this.database.transaction((tx) => closeRun(tx, session, start, end)));
    }
    return { kind: 'ended', end, tally: session.tally };
  }

  private open(session: SyncSession, start: RunStart): Promise<StartedRun> {
    return this.effects.perform('run.open', () => this.database.transaction((tx) => openRun(tx, session, start)));
  }

  private async perform(session: SyncSession, request: SyncRequest, resumeFrom: Date | null): Promise<RunEnd> {
    try {
      if (request.syncType === 'full')
        await this.coarse.run(session, { from: resumeFrom ?? request.from, ...(request.onProgress ? { onProgress: request.onProgress } : {}) });
      else await this.journal.run(session);
      return { status: 'COMPLETED', error: null, cause: null };
    } catch (error) {
      return endOf(error, session.signal.aborted);
    }
  }
}
