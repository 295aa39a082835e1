import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Client } from 'pg';
import { archiveLines } from '../data-protection/archive-export.client.js';
import { ArchiveFile } from '../data-protection/archive-file.client.js';
import type { ArchiveReport } from '../data-protection/archive-flaw.js';
import type { LockSecret } from '../data-protection/archive-lock.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { ArchiveRefused } from './archive.errors.js';

/** Lines handed to the file at once; they wait for the disk, the database waits for them. */
const LINES_AHEAD = 16;

export interface ArchiveRequest {
  readonly accountId: string;
  readonly path: string;
  /** Null leaves the keys out. */
  readonly secret: LockSecret | null;
  readonly actor: string;
  readonly reason: string;
}

/** Writes an account's archive to a file that is there whole or not at all. */
@Injectable()
export class AccountArchive {
  constructor(
    private readonly database: Database,
    private readonly keys: OrderKeys,
    private readonly audit: AuditTrail,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  /**
   * Verifies what it wrote before it says so.
   * @returns null when there is no such account
   */
  async write({ accountId, path, secret, actor, reason }: ArchiveRequest): Promise<ArchiveReport | null> {
    const [account] = await this.database.query<{ tenantId: string }>('select tenant_id as "tenantId" from accounts where id = $1', [accountId]);
    if (!account) return null;
    const { tenantId } = account;
    const subject = { account_id: accountId, with_keys: secret !== null };
    await this.audit.record({ actor, actorRoles: [], tenantId, action: 'accounts.archive', subject, reason, requestId: null });
    // A connection of its own: one statement may read longer than the service's statements may.
    const client = new Client({ connectionString: this.config.database.url.reveal() });
    await client.connect();
    try {
      const tools = { keys: this.keys, secret, signingKey: this.config.integrity.signingKey };
      await writeWhole(path, archiveLines(client, accountId, tools));
    } finally {
      await client.end();
    }
    const { report } = await new ArchiveFile(path).verify();
    if (!report.verified) throw new ArchiveRefused('the log of the account is not whole: its archive shows where', report);
    return report;
  }
}

async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${path}.part`;
  // Readable by its owner alone, and never over a file that is there.
  await open(path, 'wx', 0o600).then((file) => file.close());
  try {
    const file = await open(part, 'wx', 0o600);
    const toDisk = file.createWriteStream({ flush: true });
    await pipeline(Readable.from(withNewlines(lines), { objectMode: true, highWaterMark: LINES_AHEAD }), toDisk);
    await rename(part, path);
  } catch (error) {
    await Promise.all([rm(path, { force: true }), rm(part, { force: true })]);
    throw error;
  }
}

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
