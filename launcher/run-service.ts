import { parseConfiguration } from '../src/platform/config/configuration.js';
import { migrationUrls } from '../src/platform/config/connection-urls.js';
import { EnvironmentReader } from '../src/platform/config/environment-reader.js';
import { migrate } from '../src/platform/database/migrate.js';
import type { RunningParts } from './running-parts.js';
import { launchService, listening } from './service-process.js';

export interface RunServiceOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
  readonly onUnexpectedEnd: (what: string) => void;
}

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/** The real service on the servers that the environment names: migrates where it may, starts nothing else, signs no tokens. */
export async function runService({ env, json, onUnexpectedEnd }: RunServiceOptions, parts: RunningParts): Promise<void> {
  parseConfiguration(env); // names every mistake before anything is touched
  if (new EnvironmentReader(env).isGiven('DATABASE_OWNER_URL')) {
    const { ownerUrl, serviceUrl } = migrationUrls(env);
    await migrate(ownerUrl.reveal(), serviceUrl.reveal());
  }
  const service = parts.add(launchService({ env, log: json ? STANDARD_ERROR : STANDARD_OUTPUT }));
  const baseUrl = await listening(service);
  void service.ended.then((how) => onUnexpectedEnd(`The service ended: ${how}.`));
  if (json) process.stdout.write(`${JSON.stringify({ baseUrl, sandboxUrl: null, jwt: null, tokenId: null })}\n`);
}
