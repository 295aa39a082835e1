// What `npm start` runs once the project is installed and built.
import { fileURLToPath } from 'node:url';
import { EnvironmentReader } from '../src/platform/config/environment-reader.js';
import { withEnvFile } from './env-file.js';
import { readOptions } from './options.js';
import { runDemo } from './run-demo.js';
import { RunningParts } from './running-parts.js';
import { runService } from './run-service.js';
import { runSmoke } from './smoke.js';

/** Above the sum of what the parts are given, below the 10 s of SIGTERM. */
const STOP_WITHIN_MS = 9_700;

const parts = new RunningParts();
const startedAtMs = Number(process.env['STARTED_AT_MS'] ?? Date.now() - process.uptime() * 1_000);
/** What the person wrote into .env stands behind what is set; tests name a file that is not there. */
const env = withEnvFile(process.env, process.env['ENV_FILE'] ?? fileURLToPath(new URL('../../.env', import.meta.url)));
/** Of this clone, so that each clone has a demo of its own. */
const folder = process.env['DEMO_FOLDER'] ?? fileURLToPath(new URL('../../.data', import.meta.url));

async function end(code: number): Promise<never> {
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  await parts.stopAll().catch((error: unknown) => fail(error));
  process.exit(code);
}

function fail(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}

function onUnexpectedEnd(what: string): void {
  if (parts.isStopping) return;
  fail(what);
  void end(1);
}

async function start(): Promise<void> {
  const { json, smoke } = readOptions(process.argv.slice(2));
  if (new EnvironmentReader(env).isGiven('DATABASE_URL') && !smoke) return runService({ env, json, onUnexpectedEnd }, parts);
  if (env['NODE_ENV'] === 'production') {
    throw new Error('The demo is refused with NODE_ENV=production: set DATABASE_URL and the other settings of .env.example to run the service.');
  }
  if (!smoke) return runDemo({ folder, env, json, onUnexpectedEnd }, parts);
  const summary = await runSmoke({ env, startedAtMs, onUnexpectedEnd }, parts);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  await end(0);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(0));
process.once('disconnect', () => void end(0)); // whoever started us is gone
await start().catch(async (error: unknown) => {
  if (parts.isStopping) return;
  fail(error);
  await end(1);
});
