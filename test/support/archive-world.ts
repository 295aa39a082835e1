import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { AccountArchive } from '../../src/archive/account-archive.service.js';
import { AccountImport, type ImportReport, type ImportRequest, type ImportWatch } from '../../src/archive/account-import.service.js';
import { ArchiveModule } from '../../src/archive/archive.module.js';
import type { ArchiveReport } from '../../src/data-protection/archive-flaw.js';
import type { LockSecret } from '../../src/data-protection/archive-lock.js';
import { startContext } from './service-context.js';
import { cloneDatabase } from './test-database.js';
import { type TokenWorld, tokenWorld } from './token-app.js';

const key = (name: string): string => createHash('sha256').update(`another installation: ${name}`).digest('base64');

/** Quicker than a passphrase, which one test uses. */
export const SECRET: LockSecret = { kind: 'key', bytes: createHash('sha256').update('the key of archives in tests').digest() };

/** Two installations with nothing in common but Allegro: other databases, master keys, peppers and account numbers. */
export class ArchiveWorld {
  readonly signing = generateKeyPairSync('ed25519');

  private constructor(
    readonly here: TokenWorld,
    readonly there: TokenWorld,
    private readonly folder: string,
  ) {}

  static async open(orders = 1): Promise<ArchiveWorld> {
    const here = await tokenWorld({ orders, seed: 23, sellers: 2, sessionsPerSeller: 100 });
    const folder = await mkdtemp(join(tmpdir(), 'archive-'));
    const world = new ArchiveWorld(here, await elsewhere(here), folder);
    // Settings are read when a process starts, so the worlds may be told of the key afterwards.
    const signing = world.signing.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    Object.assign(here.environment, { SEAL_SIGNING_KEY: signing });
    return world;
  }

  async close(): Promise<void> {
    await this.there.owner.end();
    await this.there.database.drop();
    await this.here.release();
    await rm(this.folder, { recursive: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async put(name: string, content: Buffer | string): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  async archive(
    accountId: string,
    name: string,
    secret: LockSecret | null = SECRET,
    from: TokenWorld = this.here,
  ): Promise<{ path: string; report: ArchiveReport }> {
    const context = await startContext(from.database, { imports: [ArchiveModule] }, settings(from));
    try {
      const report = await context.get(AccountArchive).write({ accountId, path: this.path(name), secret, actor: 'test', reason: 'a move' });
      if (!report) throw new Error(`there is no account ${accountId}`);
      return { path: this.path(name), report };
    } finally {
      await context.close();
    }
  }

  async import(path: string, changes: Partial<ImportRequest> = {}, watch?: ImportWatch, into: TokenWorld = this.there): Promise<ImportReport> {
    const context = await startContext(into.database, { imports: [ArchiveModule] }, settings(into));
    try {
      const request = { path, tenantId: 'tenant-b', secret: SECRET, trust: {}, actor: 'test', reason: 'a move', ...changes };
      return await context.get(AccountImport).run(request, watch);
    } finally {
      await context.close();
    }
  }
}

/** Another installation in front of the same Allegro; its accounts have other numbers. */
async function elsewhere(here: TokenWorld): Promise<TokenWorld> {
  const database = await cloneDatabase();
  const owner = new pg.Client(database.ownerUrl);
  owner.on('error', () => undefined);
  await owner.connect();
  await owner.query(`insert into accounts (tenant_id, environment, allegro_user_id) select 'tenant-' || n, 'sandbox', n::text from generate_series(1, 6) n`);
  const secrets = { MASTER_KEYS: `there:${key('master')}`, HASH_PEPPER: key('pepper') };
  const environment = { ...here.environment, ...secrets, DATABASE_URL: database.serviceUrl };
  return { database, sandbox: here.sandbox, owner, environment, release: () => Promise.resolve() };
}

export const settings = ({ environment }: TokenWorld): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
