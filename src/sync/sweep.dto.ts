import { ApiProperty } from '@nestjs/swagger';
import { InstantQuery, IntQuery } from '../platform/http/query-decorators.js';
import { FINDINGS, type Finding, type CertificateCounts, completenessPercent } from './certificate.js';
import type { Certificate, NamedFinding } from './certificates.read-model.js';
import { TokenIdBody, TokenIdQuery } from './sync.dto.js';

/** Keeps the offset within what PostgreSQL counts. */
const LAST_PAGE = 1_000_000;
/** A certificate with more names than this tells of an outage, not of orders; the counts stay exact. */
export const MOST_NAMES = 10_000;

export class StartSweepBody extends TokenIdBody {
  @InstantQuery({ nullable: true, description: 'Sweeps the orders bought since then; without it all that Allegro still lists.' })
  from_date?: Date | null;

  @InstantQuery({ nullable: true, description: 'Sweeps the orders bought until then; without it up to now.' })
  to_date?: Date | null;
}

export class CertificateListQuery extends TokenIdQuery {
  @IntQuery({ min: 1, max: LAST_PAGE, fallback: 1 })
  page = 1;

  @IntQuery({ min: 1, max: 100, fallback: 20 })
  per_page = 20;
}

export class SweepStartedView {
  @ApiProperty() success!: boolean;
  @ApiProperty() message!: string;
  @ApiProperty({ format: 'uuid', description: 'Its result names the certificate.' }) task_id!: string;
  @ApiProperty({ format: 'uuid' }) token_id!: string;
  @ApiProperty({ enum: ['PENDING'] }) status!: 'PENDING';
}

class CertificateCountsView {
  @ApiProperty({ description: 'Allegro lists them and we hold exactly that.' }) equal!: number;
  @ApiProperty({ description: 'Were missing or different and are recorded now.' }) healed!: number;
  @ApiProperty({ description: 'Wait in quarantine for a person.' }) held!: number;
  @ApiProperty({ description: 'Could not be read or recorded.' }) rejected!: number;
  @ApiProperty({ description: 'The journal announced them, their form cannot be had.' }) announced_not_landed!: number;
  @ApiProperty({ description: 'We hold them, Allegro no longer knows them.' }) missing_at_allegro!: number;
}

export class CertificateView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) token_id!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) task_id!: string | null;
  @ApiProperty({ format: 'date-time' }) from_date!: string;
  @ApiProperty({ format: 'date-time' }) to_date!: string;
  @ApiProperty({ enum: ['RUNNING', 'FINISHED'] }) status!: 'RUNNING' | 'FINISHED';
  @ApiProperty({ type: Boolean, nullable: true, description: 'Whether we have everything that Allegro has; null while the sweep runs.' }) complete!:
    boolean | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Percent, rounded down.' }) completeness!: number | null;
  @ApiProperty({ description: "Orders in Allegro's list." }) listed!: number;
  @ApiProperty({ description: 'Orders beyond what Allegro lets anybody list of one millisecond.' }) unlistable!: number;
  @ApiProperty({ type: CertificateCountsView, nullable: true }) counts!: CertificateCountsView | null;
  @ApiProperty() requests!: number;
  @ApiProperty({ format: 'date-time' }) started_at!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) finished_at!: string | null;
}

class FindingView {
  @ApiProperty() order_id!: string;
  @ApiProperty({ enum: FINDINGS }) finding!: Finding;
  @ApiProperty({ type: String, nullable: true }) detail!: string | null;
}

export class CertificateDetailView extends CertificateView {
  @ApiProperty({ type: [String], description: 'Orders that were missing or different and are recorded now.' }) healed!: string[];
  @ApiProperty({ type: [String], description: 'Orders that wait in quarantine.' }) held!: string[];
  @ApiProperty({ type: [FindingView], description: `Every order that was not simply equal, at most ${String(MOST_NAMES)}.` }) findings!: FindingView[];
}

export class CertificateListView {
  @ApiProperty({ type: [CertificateView] }) certificates!: CertificateView[];
  @ApiProperty() total!: number;
  @ApiProperty() page!: number;
  @ApiProperty() per_page!: number;
}

/** Null until the sweep has ended. */
function countsOf(certificate: Certificate): CertificateCounts | null {
  if (certificate.finishedAt === null) return null;
  const { equal, healed, held, rejected, announcedNotLanded, missingAtAllegro } = certificate;
  return {
    equal: equal ?? 0,
    healed: healed ?? 0,
    held: held ?? 0,
    rejected: rejected ?? 0,
    announcedNotLanded: announcedNotLanded ?? 0,
    missingAtAllegro: missingAtAllegro ?? 0,
  };
}

function countsView({ announcedNotLanded, missingAtAllegro, ...counts }: CertificateCounts): CertificateCountsView {
  return { ...counts, announced_not_landed: announcedNotLanded, missing_at_allegro: missingAtAllegro };
}

export function certificateView(certificate: Certificate, tokenId: string): CertificateView {
  const counts = countsOf(certificate);
  return {
    id: certificate.id,
    token_id: tokenId,
    task_id: certificate.taskId,
    from_date: certificate.from.toISOString(),
    to_date: certificate.to.toISOString(),
    status: counts ? 'FINISHED' : 'RUNNING',
    complete: certificate.complete,
    completeness: counts ? completenessPercent(counts, certificate.unlistable) : null,
    listed: certificate.listed,
    unlistable: certificate.unlistable,
    counts: counts ? countsView(counts) : null,
    requests: certificate.requests,
    started_at: certificate.startedAt.toISOString(),
    finished_at: certificate.finishedAt?.toISOString() ?? null,
  };
}

export function certificateDetailView(certificate: Certificate, findings: readonly NamedFinding[], tokenId: string): CertificateDetailView {
  const named = (...wanted: Finding[]) => findings.filter(({ finding }) => wanted.includes(finding)).map(({ orderId }) => orderId);
  return {
    ...certificateView(certificate, tokenId),
    healed: named('missing', 'different'),
    held: named('held'),
    findings: findings.map(({ orderId, finding, detail }) => ({ order_id: orderId, finding, detail })),
  };
}
