import 'reflect-metadata';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { ArchiveFile } from './data-protection/archive-file.client.js';
import { ExportCheck } from './data-protection/export-check.js';
import { ImportedLogs } from './data-protection/imported-logs.read-model.js';
import { LogVerification } from './data-protection/log-verification.service.js';
import { type PublishedHead, readPublished } from './data-protection/published-head.js';
import { isSignatureOf } from './data-protection/seal-signature.js';
import { SealsReadModel } from './data-protection/seals.read-model.js';
import { readingUrl } from './platform/config/connection-urls.js';
import type { Database } from './platform/database/database.js';
import { ChainVerifier } from './platform/event-log/chain-verifier.js';

/** Exit codes: 0 whole, 1 flawed, 2 could not be checked. */
const FLAWED = 1;
const NOT_CHECKED = 2;

const { values } = parseArgs({
  options: {
    account: { type: 'string' },
    order: { type: 'string' },
    /** A file of `export-log`; without it the database is read. */
    export: { type: 'string' },
    /** A file of `archive export`; without it the database is read. */
    archive: { type: 'string' },
    /** Published seals, as SEAL_FILE holds them. */
    seals: { type: 'string' },
    /** PEM; the signatures of the published seals are checked with it. */
    'public-key': { type: 'string' },
  },
});

interface Verdict {
  readonly verified: boolean;
  readonly streams: number;
}

/** An option that would be ignored is refused: who gives it believes that it was checked. */
function refuseWhatIsIgnored(): void {
  const apart = [
    ['order', 'seals'],
    ['order', 'export'],
    ['account', 'export'],
    ['order', 'archive'],
    ['account', 'archive'],
    ['export', 'archive'],
  ] as const;
  const wrong = apart.find(([one, other]) => values[one] !== undefined && values[other] !== undefined);
  if (wrong) throw new Error(`--${wrong[0]} and --${wrong[1]} cannot be combined: seals cover the whole log, an export one account`);
  if (values['public-key'] !== undefined && values.seals === undefined && values.archive === undefined) {
    throw new Error('--public-key checks the seals given by --seals, or the archive given by --archive');
  }
}

function publicKey(): KeyObject | null {
  const keyFile = values['public-key'];
  return keyFile === undefined ? null : createPublicKey(readFileSync(keyFile, 'utf8'));
}

function published(): PublishedHead[] {
  const heads = values.seals === undefined ? [] : readPublished(readFileSync(values.seals, 'utf8'));
  const key = publicKey();
  if (!key) return heads;
  const wrong = heads.find(({ root, signature }) => signature === null || !isSignatureOf(key, root, signature));
  if (wrong) throw new Error(`seal ${wrong.number} of the published file was not signed with this key`);
  return heads;
}

async function ofExport(path: string): Promise<Verdict> {
  const check = new ExportCheck();
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line !== '') check.add(line);
  }
  return check.report(published());
}

async function ofArchive(path: string): Promise<Verdict> {
  const { report } = await new ArchiveFile(path).verify({ publicKey: publicKey(), published: published() });
  return report;
}

/** Needs no key and no configuration but a connection that may read the log: ciphertexts are what is hashed. */
async function ofDatabase(): Promise<Verdict> {
  const pool = new Pool({ connectionString: readingUrl(process.env).reveal(), max: 1 });
  const database: Pick<Database, 'query'> = {
    query: async <Row>(sql: string, params?: readonly unknown[]) => (await pool.query(sql, [...(params ?? [])])).rows as Row[],
  };
  const chains = new ChainVerifier(database);
  const { account } = values;
  const order = values.order?.toLowerCase();
  try {
    if (order !== undefined) return await chains.verify({ orderId: order, ...(account === undefined ? {} : { accountId: account }) });
    const verification = new LogVerification(chains, new SealsReadModel(database), new ImportedLogs(database));
    return await verification.verify({ accountId: account ?? null, published: published() });
  } finally {
    await pool.end();
  }
}

function reportOf(asked: { readonly export?: string; readonly archive?: string }): Promise<Verdict> {
  if (asked.archive !== undefined) return ofArchive(asked.archive);
  return asked.export === undefined ? ofDatabase() : ofExport(asked.export);
}

async function main(): Promise<number> {
  refuseWhatIsIgnored();
  const report = await reportOf(values);
  if (report.verified && report.streams === 0) throw new Error('nothing to verify: there is no such order or account, or its log is empty');
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.verified ? 0 : FLAWED;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`the log could not be checked: ${error instanceof Error ? error.message : String(error)}\n`);
  return NOT_CHECKED;
});
