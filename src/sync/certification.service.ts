import { Injectable, Logger } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { NewEvent } from '../platform/event-log/events.js';
import { Metrics } from '../platform/observability/metrics.js';
import { type CertificateCounts, certificateCounts, completenessPercent, FINDINGS, isComplete } from './certificate.js';
import { Certificates } from './certificates.read-model.js';
import type { OpenCertificate } from './certificates.store.js';
import { SweepLooks } from './sweep-looks.service.js';
import { SweepNotes } from './sweep-notes.service.js';
import type { SyncSession } from './sync-session.js';

interface End {
  readonly counts: CertificateCounts;
  readonly complete: boolean;
  readonly unlistable: number;
  readonly requests: number;
}

/** Ends a sweep: what the journal announced is looked at, then the certificate is signed off. */
@Injectable()
export class Certification {
  private readonly logger = new Logger('sync');
  private readonly findings: Counter;

  constructor(
    private readonly certificates: Certificates,
    private readonly looks: SweepLooks,
    private readonly notes: SweepNotes,
    metrics: Metrics,
  ) {
    this.findings = metrics.counter({ name: 'sweep_findings_total', help: 'Orders a sweep found not simply equal, by finding', labels: ['finding'] });
  }

  async finish(session: SyncSession, certificate: OpenCertificate): Promise<void> {
    const announced = await this.certificates.announcedSince(session.accountId, certificate.from);
    const looked = await this.looks.atAnnounced({ session, certificate }, announced);
    const { equal, unlistable, found } = await this.notes.counts(certificate.id);
    const counts = certificateCounts(equal, found);
    await this.sign(session, certificate, { counts, complete: isComplete(counts, unlistable), unlistable, requests: looked.requests });
    for (const finding of FINDINGS) this.findings.inc({ finding }, found[finding] ?? 0);
    this.logger.log('a sweep ended', { account_id: session.accountId, certificate_id: certificate.id, ...snakeCounts(counts) });
  }

  private async sign(session: SyncSession, certificate: OpenCertificate, end: End): Promise<void> {
    const at = new Date();
    const event: NewEvent = {
      type: 'account.certified',
      source: 'service',
      dedupKey: `c:certificate:${certificate.id}`,
      occurredAt: at,
      observedAt: at,
      payload: {
        certificate_id: certificate.id,
        window_from: certificate.from.toISOString(),
        window_to: certificate.to.toISOString(),
        complete: end.complete,
        completeness: completenessPercent(end.counts, end.unlistable),
        ...snakeCounts(end.counts),
      },
      actor: 'sync',
      causationId: certificate.id,
    };
    await this.notes.sign(session.accountId, event, { id: certificate.id, ...end });
  }
}

function snakeCounts(counts: CertificateCounts): Record<string, number> {
  return {
    equal: counts.equal,
    healed: counts.healed,
    held: counts.held,
    rejected: counts.rejected,
    announced_not_landed: counts.announcedNotLanded,
    missing_at_allegro: counts.missingAtAllegro,
  };
}
