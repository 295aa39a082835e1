import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfiguration } from '../src/platform/config/configuration.js';
import { migrate } from '../src/platform/database/migrate.js';
import { type DemoAccess, demoAccess } from './demo-access.js';
import { demoEnvironment, usesOtherAllegro } from './demo-environment.js';
import type { DemoSecrets } from './demo-secrets.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { HttpApi } from './http-api.js';
import type { RunningParts } from './running-parts.js';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.js';
import { launchService, listening } from './service-process.js';

export interface DemoOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly secrets: DemoSecrets;
  /** Keeps the database over restarts; null for a temporary one. */
  readonly dataDir: string | null;
  /** Where the service's log lines go; null for standard error. */
  readonly logFile: string | null;
  /** How often something happens in the sandbox's shop; 0 for never. */
  readonly arrivalIntervalMs: number;
  /** Told when a part ends that should run. */
  readonly onUnexpectedEnd: (what: string) => void;
}

export interface Demo {
  readonly baseUrl: string;
  /** null: the service is pointed at another Allegro. */
  readonly sandboxUrl: string | null;
  readonly access: DemoAccess;
  /** The service's API as the demo seller. */
  readonly seller: HttpApi;
}

const STANDARD_ERROR = 2;
const SERVICE_LOGIN = 'order_log_demo';

/** Starts database, sandbox and service, one after the other needs it; what has started is in `parts`. */
export async function startDemo(options: DemoOptions, parts: RunningParts): Promise<Demo> {
  const sandboxStart = usesOtherAllegro(options.env) ? null : startDemoSandbox(options, parts);
  sandboxStart?.catch(() => undefined); // awaited below; a failure before that must not end the process unseen
  const databaseUrl = await startDemoDatabase(options, parts);
  const sandbox = await sandboxStart;
  const env = demoEnvironment(options.env, options.secrets, { databaseUrl, sandboxUrl: sandbox?.url ?? null });
  const { access } = parseConfiguration(env); // names every mistake here, where a person looks, not in the service's log
  const baseUrl = await startDemoService(env, options, parts);
  // The secret may be the person's own, and in a file.
  const tokens = await demoAccess(access.key.kind === 'secret' ? access.key.secret.reveal() : options.secrets.jwtSecret);
  return { baseUrl, sandboxUrl: sandbox?.url ?? null, access: tokens, seller: new HttpApi(baseUrl, tokens.seller) };
}

async function startDemoDatabase({ dataDir, secrets }: DemoOptions, parts: RunningParts): Promise<string> {
  const postgres = parts.add(await startEmbeddedPostgres(dataDir === null ? {} : { dataDir }));
  const serviceUrl = new URL(postgres.ownerUrl());
  serviceUrl.username = SERVICE_LOGIN;
  serviceUrl.password = secrets.databasePassword;
  await migrate(postgres.ownerUrl(), serviceUrl.href);
  return serviceUrl.href;
}

async function startDemoSandbox(options: DemoOptions, parts: RunningParts): Promise<SandboxProcess> {
  const seed = options.env['SANDBOX_SEED'] || options.secrets.sandboxSeed;
  const args = ['--history-ends-at-ms', String(options.secrets.firstStartMs)];
  const sandbox = parts.add(await startSandboxProcess({ seed, arrivalIntervalMs: options.arrivalIntervalMs, args, env: options.env }));
  void sandbox.ended.then((how) => options.onUnexpectedEnd(`The Allegro sandbox ended: ${how}.`));
  return sandbox;
}

async function startDemoService(env: NodeJS.ProcessEnv, options: DemoOptions, parts: RunningParts): Promise<string> {
  const log = options.logFile === null ? STANDARD_ERROR : openSync(options.logFile, 'w', 0o600);
  const service = parts.add(launchService({ env, log }));
  if (log !== STANDARD_ERROR) closeSync(log);
  const url = await listening(service);
  void service.ended.then((how) => options.onUnexpectedEnd(`The service ended: ${how}.`));
  return url;
}

/** Where the demo keeps what outlives a restart. */
export function demoFolders(folder: string): { secretsFile: string; dataDir: string; logFile: string } {
  return { secretsFile: join(folder, 'secrets.json'), dataDir: join(folder, 'postgres'), logFile: join(folder, 'service.log') };
}
