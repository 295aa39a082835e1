import 'reflect-metadata';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountArchive } from './archive/account-archive.service.js';
import { AccountImport } from './archive/account-import.service.js';
import { ArchiveRefused } from './archive/archive.errors.js';
import { ArchiveModule } from './archive/archive.module.js';
import { type LockSecret, readLockSecret } from './data-protection/archive-lock.js';
import { readPublished } from './data-protection/published-head.js';
import { ConfigurationModule } from './platform/config/configuration.module.js';
import { type Configuration, parseConfiguration } from './platform/config/configuration.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { EventLogModule } from './platform/event-log/event-log.module.js';

/** Exit codes: 0 done, 1 refused (no such account, a flawed archive, an account with events), 2 asked wrongly or could not be done. */
const REFUSED = 1;
const NOT_DONE = 2;
const USAGE = `usage: npm run archive -- export --account ID --file FILE --reason TEXT (--passphrase-file FILE | --key-file FILE | --without-keys)
       npm run archive -- import --file FILE --tenant ID --reason TEXT (--passphrase-file FILE | --key-file FILE) [--public-key PEM] [--seals FILE]
       npm run verify -- --archive FILE [--public-key PEM] [--seals FILE]
  export writes the whole log of an account to a file; import takes it over into an account without events, all of it or nothing.
  The secret that locks the buyers' keys is read from a file, never from the command line; both commands are audited.`;

class UsageError extends Error {}

const OPTIONS = {
  account: { type: 'string' },
  file: { type: 'string' },
  tenant: { type: 'string' },
  reason: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'key-file': { type: 'string' },
  'without-keys': { type: 'boolean' },
  'public-key': { type: 'string' },
  seals: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** What an archive needs of the service: no HTTP, no queue, no Allegro. */
@Module({})
class ArchiveCliModule {
  static for(configuration: Configuration): DynamicModule {
    return { module: ArchiveCliModule, imports: [ConfigurationModule.for(configuration), DatabaseModule, EventLogModule, ArchiveModule] };
  }
}

function needed(values: Values, name: 'account' | 'file' | 'tenant' | 'reason'): string {
  const value = values[name]?.trim() ?? '';
  if (value === '') throw new UsageError(`--${name} is needed`);
  return value;
}

function secretOf(values: Values): LockSecret | null {
  const given = (['passphrase-file', 'key-file', 'without-keys'] as const).filter((name) => values[name] !== undefined);
  if (given.length !== 1) throw new UsageError('exactly one of --passphrase-file, --key-file and (for an export) --without-keys is needed');
  const [passphrase, key] = [values['passphrase-file'], values['key-file']];
  if (passphrase !== undefined) return readLockSecret('passphrase', readFileSync(passphrase, 'utf8'));
  return key === undefined ? null : readLockSecret('key', readFileSync(key, 'utf8'));
}

const actor = (): string => `command line: ${userInfo().username}`;
const print = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function writeArchive(context: INestApplicationContext, values: Values): Promise<number> {
  const accountId = needed(values, 'account');
  if (!/^\d{1,18}$/.test(accountId)) throw new UsageError('--account is the number of an account');
  const path = needed(values, 'file');
  const archive = await context.get(AccountArchive).write({ accountId, path, secret: secretOf(values), actor: actor(), reason: needed(values, 'reason') });
  if (archive === null) process.stderr.write(`there is no account ${accountId}\n`);
  else print(archive);
  return archive === null ? REFUSED : 0;
}

async function importArchive(context: INestApplicationContext, values: Values): Promise<number> {
  const secret = secretOf(values);
  if (!secret) throw new UsageError('an archive without its keys can be verified, not imported');
  const request = { path: needed(values, 'file'), tenantId: needed(values, 'tenant'), secret, actor: actor(), reason: needed(values, 'reason') };
  const publicKey = values['public-key'] === undefined ? null : createPublicKey(readFileSync(values['public-key'], 'utf8'));
  const published = values.seals === undefined ? [] : readPublished(readFileSync(values.seals, 'utf8'));
  const report = await context.get(AccountImport).run({ ...request, trust: { publicKey, published } }, ({ streams, events }) => {
    process.stderr.write(`${String(streams)} orders, ${String(events)} events\n`);
  });
  print(report);
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [command, ...more] = positionals;
  if ((command !== 'export' && command !== 'import') || more.length > 0) throw new UsageError('export or import?');
  const context = await NestFactory.createApplicationContext(ArchiveCliModule.for(parseConfiguration(process.env)), { logger: false, abortOnError: false });
  try {
    return await (command === 'export' ? writeArchive : importArchive)(context, values);
  } finally {
    await context.close();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n${error instanceof UsageError ? `${USAGE}\n` : ''}`);
  if (error instanceof ArchiveRefused) print(error.report);
  return error instanceof ArchiveRefused ? REFUSED : NOT_DONE;
});
