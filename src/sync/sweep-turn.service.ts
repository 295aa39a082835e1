import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { WriterLeases } from '../platform/event-log/writer-leases.js';
import { Certification } from './certification.service.js';
import type { OpenCertificate } from './certificates.store.js';
import { JournalSync } from './journal-sync.service.js';
import { LeaseKeeper } from './lease-keeper.js';
import { Sweep } from './sweep.service.js';
import { type SyncSession, SyncTally } from './sync-session.js';

/** Live syncs of the account wait behind a sweep for no longer than this and one window more. */
const LONGEST_TURN_MS = 20_000;

export interface SweepRequest {
  readonly tenantId: string;
  readonly accountId: string;
  /** The token that leads the account. */
  readonly tokenId: string;
  readonly certificate: OpenCertificate;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => Promise<void>;
}

/** `turn-over`: windows are left, and others may run first. */
export type SweepOutcome = 'busy' | 'turn-over' | 'done';

/** One turn of a sweep, under the account's writer lease like every other run. */
@Injectable()
export class SweepTurn {
  constructor(
    private readonly leases: WriterLeases,
    private readonly journal: JournalSync,
    private readonly sweep: Sweep,
    private readonly certification: Certification,
  ) {}

  /** @throws AllegroProblem and what else stopped it; the windows before stay done */
  async run(request: SweepRequest): Promise<SweepOutcome> {
    const lease = await this.leases.claim(request.accountId, `${String(process.pid)}@${hostname()} ${randomUUID()}`);
    if (!lease) return 'busy';
    // Revoking reaches the run through its signal.
    const keeper = new LeaseKeeper(
      () => this.leases.renew(lease),
      () => Promise.resolve(true),
    );
    try {
      return await this.runFenced(request, { generation: lease.generation, signal: AbortSignal.any([request.signal, keeper.signal]) });
    } finally {
      keeper.stop();
      await this.leases.release(lease);
    }
  }

  private async runFenced(request: SweepRequest, right: { generation: string; signal: AbortSignal }): Promise<SweepOutcome> {
    const { tenantId, accountId, tokenId, certificate } = request;
    const fence = { generation: right.generation };
    const session: SyncSession = {
      tenantId,
      accountId,
      tokenId,
      runId: certificate.id,
      fence,
      share: 'backfill',
      signal: right.signal,
      tally: new SyncTally(),
    };
    // What the journal tells is no finding: it is read to its end first.
    if (certificate.resumeFrom.getTime() === certificate.from.getTime()) await this.journal.run(session);
    const endOfTurn = Date.now() + LONGEST_TURN_MS;
    const isDone = await this.sweep.run({ session, certificate, onProgress: request.onProgress, mayGoOn: () => Date.now() < endOfTurn });
    if (!isDone) return 'turn-over';
    await this.certification.finish(session, certificate);
    return 'done';
  }
}
