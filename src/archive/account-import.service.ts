import { Inject, Injectable } from '@nestjs/common';
import { ArchiveFile, type ArchiveTrust } from '../data-protection/archive-file.client.js';
import type { ArchiveReport } from '../data-protection/archive-flaw.js';
import type { ArchivedErasure, ArchiveHeader } from '../data-protection/archive-lines.js';
import type { ArchiveLock, LockSecret } from '../data-protection/archive-lock.js';
import { AdoptedOrders } from '../orders/adopted-orders.service.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import { ArchiveRefused } from './archive.errors.js';
import { accountOf, beginImport, importErasures } from './account-import.store.js';
import { adoptedErasureId, type Adoption } from './adopted-stream.js';
import { ImportBatches } from './import-batches.service.js';

/** What becomes known while an import runs; what it throws ends the import, and nothing of it stays. */
export type ImportWatch = (written: { readonly streams: number; readonly events: number }) => Promise<void> | void;

export interface ImportRequest {
  readonly path: string;
  readonly tenantId: string;
  readonly secret: LockSecret;
  readonly trust: ArchiveTrust;
  readonly actor: string;
  readonly reason: string;
}

export interface ImportReport extends Pick<ArchiveReport, 'archive' | 'digest' | 'streams' | 'events' | 'seals' | 'erasures'> {
  /** The account's number here. */
  readonly accountId: string;
}

/** An archive that was verified, as the import reads it. */
interface OpenArchive {
  readonly file: ArchiveFile;
  readonly header: ArchiveHeader;
  readonly lock: ArchiveLock;
  readonly report: ArchiveReport;
  readonly sequences: { readonly low: string; readonly high: string };
}

/** Takes the log of an account over from another installation: verified before anything is kept, and all of it or nothing. */
@Injectable()
export class AccountImport {
  constructor(
    private readonly database: Database,
    private readonly batches: ImportBatches,
    private readonly orders: AdoptedOrders,
    private readonly audit: AuditTrail,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  /** @throws ArchiveRefused when the archive is flawed or the account has events already; Error when the secret is not the one it was locked with */
  async run(request: ImportRequest, watch: ImportWatch = () => undefined): Promise<ImportReport> {
    const archive = await this.open(request);
    const { actor, tenantId, reason } = request;
    const subject = { archive: archive.header.id, allegro_user_id: archive.header.account.allegroUserId };
    await this.audit.record({ actor, actorRoles: [], tenantId, action: 'accounts.import', subject, reason, requestId: null });
    const accountId = await this.database.transaction((tx) => this.keep(tx, request, archive, watch));
    await this.orders.analyse();
    const { digest, streams, events, seals, erasures } = archive.report;
    return { accountId, archive: archive.header.id, digest, streams, events, seals, erasures };
  }

  private async open({ path, secret, trust }: ImportRequest): Promise<OpenArchive> {
    const file = new ArchiveFile(path);
    const { report, sequences } = await file.verify(trust);
    if (!report.verified) throw new ArchiveRefused('the archive is not whole', report);
    const header = await file.header();
    if (!header || !sequences) throw new ArchiveRefused('the archive holds no event', report);
    const { environment } = header.account;
    const expected = this.config.allegro.environment;
    if (environment !== expected) throw new ArchiveRefused(`the archive is of Allegro's ${environment}, this installation is connected to ${expected}`, report);
    return { file, header, lock: await file.unlock(secret, header), report, sequences };
  }

  /**
   * One transaction: until it commits nobody sees a part of the account. It holds the readers of the feed back for as long,
   * which is why the command says so.
   */
  private async keep(tx: Transaction, { tenantId, actor }: ImportRequest, archive: OpenArchive, watch: ImportWatch): Promise<string> {
    const { header, report, lock, sequences } = archive;
    const account = await accountOf(tx, tenantId, header.account);
    if (!account.isEmpty) throw new ArchiveRefused('the account has events already: an archive is imported into an empty one', report);
    const source = JSON.stringify({ ...header, lock: null, seals: report.seals });
    await beginImport(tx, account.id, { archiveId: header.id, digest: report.digest, source, importedBy: actor, sequences });
    const adoption: Adoption = {
      accountId: account.id,
      keys: this.batches.keys,
      lock,
      contentHash: (orderId, form, isErased) => this.orders.contentHash(orderId, form, isErased),
    };
    const { erasures, sha256 } = await this.batches.write(tx, archive.file.parts(), adoption, watch);
    await importErasures(
      tx,
      account.id,
      tenantId,
      erasures.map((erasure) => this.adopted(account.id, erasure)),
    );
    await this.orders.settle(tx, account.id);
    if (sha256 !== report.digest) throw new ArchiveRefused('the file changed while it was imported', report);
    return account.id;
  }

  private adopted(accountId: string, { id, until, erasedAt, orderIds }: ArchivedErasure) {
    const refs = orderIds.filter((orderId) => orderId !== '').map((orderId) => `\\x${this.batches.referenceOf(accountId, orderId).toString('hex')}`);
    return { id: adoptedErasureId(accountId, id), until, erased_at: erasedAt, order_ids: orderIds, refs };
  }
}
