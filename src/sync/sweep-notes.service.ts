import { Injectable } from '@nestjs/common';
import type { RecordResult } from '../orders/record-batch.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { ACCOUNT_STREAM, type NewEvent } from '../platform/event-log/events.js';
import type { CertificateCounts, Finding } from './certificate.js';
import { closeWindow, countFindings, type FindingsSoFar, finishCertificate, noteFindings, noteNotLanded, type OpenCertificate } from './certificates.store.js';
import type { SyncSession } from './sync-session.js';

/** What one window of a sweep came to. */
export interface ClosedWindow {
  readonly listed: number;
  /** Orders Allegro showed, listed or by themselves. */
  readonly seen: readonly string[];
  readonly unlistable: number;
  readonly requests: number;
  readonly resumeFrom: Date;
}

/** Keeps the certificate of a sweep: who was healed is written by the transaction that healed, so that no crash forgets a name. */
@Injectable()
export class SweepNotes {
  constructor(
    private readonly database: Database,
    private readonly effects: EffectSeam,
    private readonly log: EventLog,
  ) {}

  /** To commit with what was recorded. */
  async recorded(tx: Transaction, certificateId: string, { created, updated, failed }: RecordResult): Promise<void> {
    await noteFindings(tx, certificateId, [
      ...created.map((orderId) => ({ orderId, finding: 'missing' as const })),
      ...updated.map((orderId) => ({ orderId, finding: 'different' as const })),
      ...failed.filter(({ orderId }) => orderId !== '').map(({ orderId, reason }) => ({ orderId, finding: 'rejected' as const, detail: reason })),
    ]);
  }

  /** Names those of these orders that were held back, or taken by nobody. */
  async notLanded(accountId: string, { id, startedAt }: OpenCertificate, orderIds: readonly string[]): Promise<void> {
    await this.write((tx) => noteNotLanded(tx, { id, accountId, startedAt }, orderIds));
  }

  async named(certificateId: string, orderIds: readonly string[], finding: Finding): Promise<void> {
    await this.write((tx) => noteFindings(tx, certificateId, orderIds.map((orderId) => ({ orderId, finding })))); // prettier-ignore
  }

  async close({ certificate }: { session: SyncSession; certificate: OpenCertificate }, window: ClosedWindow): Promise<void> {
    await this.write((tx) => closeWindow(tx, certificate.id, window));
  }

  async counts(certificateId: string): Promise<FindingsSoFar> {
    return this.database.transaction((tx) => countFindings(tx, certificateId));
  }

  /** The end of a certificate, together with the event that tells of it. */
  async sign(
    accountId: string,
    event: NewEvent,
    end: { readonly id: string; readonly counts: CertificateCounts; readonly complete: boolean; readonly requests: number },
  ): Promise<void> {
    const commit = { accountId, orderId: ACCOUNT_STREAM, events: [event] };
    await this.effects.perform('certificate.sign', () => this.log.commit(commit, (tx) => finishCertificate(tx, end.id, end)));
  }

  private async write(work: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.effects.perform('certificate.note', () => this.database.transaction(work));
  }
}
