import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Secret } from '../core/secret.js';
import { SERVICE_VERSION } from '../platform/config/service-version.js';
import type { OrderKeys } from '../platform/vault/order-keys.js';
import {
  ARCHIVE_FORMAT,
  type ArchivedAccount,
  type ArchivedErasure,
  type ArchiveHeader,
  digestLine,
  erasureLine,
  headerLine,
  manifestLine,
  type Section,
} from './archive-lines.js';
import { ArchiveLock, type LockSecret } from './archive-lock.js';
import { ArchiveSums } from './archive-sums.js';
import { LogExport } from './log-export.client.js';
import { readExportLine } from './log-export.js';
import { keyIdOf, readSigningKey, signRoot } from './seal-signature.js';
import { AccountKeys } from './travelling-keys.client.js';

const ACCOUNT = `select a.id, a.environment, a.allegro_user_id as "allegroUserId", a.login, a.base_marketplace as "baseMarketplace",
  (select system_identifier from event_log.epochs order by epoch desc limit 1) as system, clock_timestamp() as now from accounts a where a.id = $1`;
const ERASURES = `select e.id, e.until, e.erased_at as "erasedAt", (select coalesce(array_agg(s.order_id order by s.stream_id), '{}')
    from vault.order_keys k join event_log.streams s using (stream_id) where k.erasure_id = e.id) as "orderIds"
  from vault.erasures e where e.account_id = $1 order by e.erased_at, e.id`;

/** What an archive is made with. */
export interface ArchiveTools {
  readonly keys: OrderKeys;
  /** Null leaves the keys out: then nobody reads a buyer in it, and it cannot be imported. */
  readonly secret: LockSecret | null;
  /** As the configuration gives it; null signs nothing. */
  readonly signingKey: Secret | null;
}

/** The whole log of an account as the lines of an archive, read in one snapshot. @throws when there is no such account */
export function archiveLines(client: Pick<PoolClient, 'query'>, accountId: string, tools: ArchiveTools): AsyncGenerator<string> {
  return new ArchiveExport(client, tools).lines(accountId);
}

/** Writes the whole log of an account as lines: what the service needs to be the same elsewhere, and what anybody needs to verify it. */
class ArchiveExport {
  private readonly sums = new ArchiveSums();
  private readonly signingKey: KeyObject | null;

  constructor(
    private readonly client: Pick<PoolClient, 'query'>,
    private readonly tools: ArchiveTools,
  ) {
    this.signingKey = tools.signingKey && readSigningKey(tools.signingKey.reveal());
  }

  async *lines(accountId: string): AsyncGenerator<string> {
    // One snapshot of log, keys and erasures, while writers go on. Reading takes no transaction id and holds no reader back.
    await this.client.query('begin transaction isolation level repeatable read read only');
    const id = randomUUID();
    const lock = this.tools.secret && (await ArchiveLock.create(this.tools.secret, id));
    yield this.add('header', headerLine(await this.header(accountId, id, lock)));
    const log = new LogExport(this.client, new AccountKeys(this.client, accountId, this.tools.keys, lock));
    for await (const line of log.snapshot(accountId)) yield this.add(this.counted(line), line);
    for (const erasure of await this.erasures(accountId)) {
      this.sums.count('erasures');
      yield this.add('erasures', erasureLine(erasure));
    }
    yield this.add(null, manifestLine(this.sums.manifest(id)));
    yield this.lastLine();
    await this.client.query('commit');
  }

  private add(section: Section | null, line: string): string {
    this.sums.add(section, line);
    return line;
  }

  private counted(text: string): Section {
    const line = readExportLine(text);
    if (line.kind === 'end') return 'seals';
    this.sums.count(`${line.kind}s`);
    if (line.kind === 'seal') return 'seals';
    this.sums.countKey(line.key);
    return 'log';
  }

  private lastLine(): string {
    const sha256 = this.sums.digest();
    const { signingKey } = this;
    if (!signingKey) return digestLine({ sha256, signature: null, keyId: null });
    return digestLine({ sha256, signature: signRoot(signingKey, Buffer.from(sha256, 'hex')).toString('hex'), keyId: keyIdOf(signingKey) });
  }

  private async header(accountId: string, id: string, lock: ArchiveLock | null): Promise<ArchiveHeader> {
    const { rows } = await this.client.query<ArchivedAccount & { system: string; now: Date }>(ACCOUNT, [accountId]);
    const [row] = rows;
    if (!row) throw new Error(`there is no account ${accountId}`);
    const { system, now, ...account } = row;
    const publicKey = this.signingKey && createPublicKey(this.signingKey).export({ format: 'pem', type: 'spki' }).toString();
    return {
      format: ARCHIVE_FORMAT,
      id,
      account,
      source: { system, version: SERVICE_VERSION },
      takenAt: now.toISOString(),
      lock: lock?.header ?? null,
      publicKey,
    };
  }

  private async erasures(accountId: string): Promise<ArchivedErasure[]> {
    const { rows } = await this.client.query<Omit<ArchivedErasure, 'until' | 'erasedAt'> & { until: Date; erasedAt: Date }>(ERASURES, [accountId]);
    return rows.map(({ until, erasedAt, ...erasure }) => ({ ...erasure, until: until.toISOString(), erasedAt: erasedAt.toISOString() }));
  }
}
