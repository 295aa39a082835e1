import { query, type Transaction } from '../platform/database/transaction.js';
import type { CertificateCounts, Finding, FindingCounts } from './certificate.js';

/** A certificate that is being made. */
export interface OpenCertificate {
  readonly id: string;
  readonly from: Date;
  readonly to: Date;
  /** Everything bought before was swept. */
  readonly resumeFrom: Date;
  readonly startedAt: Date;
}

export interface NewCertificate {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly taskId: string;
  readonly from: Date;
  readonly to: Date;
}

/** Opens the certificate of a task; a task whose worker died goes on with its own. */
export async function openCertificate(tx: Transaction, certificate: NewCertificate): Promise<OpenCertificate> {
  const [row] = await query<OpenCertificate>(
    tx,
    `insert into completeness_certificates as c (id, tenant_id, account_id, task_id, window_from, window_to, resume_from) values ($1, $2, $3, $4, $5, $6, $5)
     on conflict (task_id) do update set task_id = excluded.task_id
     returning id, window_from as "from", window_to as "to", resume_from as "resumeFrom", started_at as "startedAt"`,
    [certificate.id, certificate.tenantId, certificate.accountId, certificate.taskId, certificate.from, certificate.to],
  );
  if (!row) throw new Error('an inserted certificate was not returned');
  return row;
}

/** Names orders in a certificate; must commit with what healed or held them. An order named again keeps its last finding. */
export async function noteFindings(
  tx: Transaction,
  certificateId: string,
  findings: readonly { orderId: string; finding: Finding; detail?: string }[],
): Promise<void> {
  if (findings.length === 0) return;
  await query(
    tx,
    `insert into certificate_findings (certificate_id, order_id, finding, detail)
     select distinct on (r."orderId") $1, r."orderId", r.finding, r.detail from jsonb_to_recordset($2::jsonb) as r ("orderId" text, finding text, detail text)
     on conflict (certificate_id, order_id) do update set finding = excluded.finding, detail = excluded.detail`,
    [certificateId, JSON.stringify(findings)],
  );
}

/** Names those of these orders whose form of this sweep is held for a person, or was taken by nobody. */
export async function noteNotLanded(
  tx: Transaction,
  certificate: { id: string; accountId: string; startedAt: Date },
  orderIds: readonly string[],
): Promise<void> {
  if (orderIds.length === 0) return;
  await query(
    tx,
    `insert into certificate_findings (certificate_id, order_id, finding, detail)
     select $1, o.order_id, case when q.order_id is null then 'rejected' else 'held' end, q.reasons
     from unnest($3::text[]) as o (order_id)
       left join event_log.streams s on s.account_id = $2 and s.order_id = o.order_id
       left join lateral (select order_id, reasons::text as reasons from quarantine_items i
         where i.account_id = $2 and i.order_id = o.order_id and i.kind = 'form' and i.status = 'held' and i.last_seen_at >= $4 limit 1) q on true
     where q.order_id is not null or s.content_version is null
     on conflict (certificate_id, order_id) do update set finding = excluded.finding, detail = coalesce(certificate_findings.detail, excluded.detail)
       where certificate_findings.finding <> 'rejected'`,
    [certificate.id, certificate.accountId, orderIds, certificate.startedAt],
  );
}

/** A window is done: its orders without a finding are equal, and a crash from now on does not read it again. */
export async function closeWindow(
  tx: Transaction,
  certificateId: string,
  window: { readonly listed: number; readonly seen: readonly string[]; readonly unlistable: number; readonly requests: number; readonly resumeFrom: Date },
): Promise<void> {
  await query(
    tx,
    `update completeness_certificates set listed = listed + $2, unlistable = unlistable + $3, requests = requests + $4, resume_from = $5,
       equal = coalesce(equal, 0) + $6 - (select count(*) from certificate_findings where certificate_id = $1 and order_id = any ($7))
     where id = $1`,
    [certificateId, window.listed, window.unlistable, window.requests, window.resumeFrom, window.seen.length, window.seen],
  );
}

export interface FindingsSoFar {
  readonly equal: number;
  readonly unlistable: number;
  readonly found: FindingCounts;
}

/** What the certificate came to so far. */
export async function countFindings(tx: Transaction, certificateId: string): Promise<FindingsSoFar> {
  const [row] = await query<FindingsSoFar>(
    tx,
    `select coalesce(equal, 0) as equal, unlistable, coalesce((select jsonb_object_agg(finding, n) from (
       select finding, count(*)::int as n from certificate_findings where certificate_id = $1 group by finding) f), '{}') as found
     from completeness_certificates where id = $1`,
    [certificateId],
  );
  if (!row) throw new Error(`there is no certificate ${certificateId}`);
  return row;
}

export async function finishCertificate(
  tx: Transaction,
  certificateId: string,
  end: { counts: CertificateCounts; complete: boolean; requests: number },
): Promise<void> {
  const { counts } = end;
  await query(
    tx,
    `update completeness_certificates set equal = $2, healed = $3, held = $4, rejected = $5, announced_not_landed = $6, missing_at_allegro = $7, complete = $8,
       requests = requests + $9, finished_at = coalesce(finished_at, now()) where id = $1 and finished_at is null`,
    [certificateId, counts.equal, counts.healed, counts.held, counts.rejected, counts.announcedNotLanded, counts.missingAtAllegro, end.complete, end.requests],
  );
}
