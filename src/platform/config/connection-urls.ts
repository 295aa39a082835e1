import type { Secret } from '../../core/secret.js';
import { ConfigurationMistakes } from './configuration.js';
import { EnvironmentReader, type FileReader } from './environment-reader.js';
import { checkDatabaseUrl } from './server-settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The two connections of the migrate step; it needs no other setting of the service.
 * @param readFile reads a file named by `NAME_FILE`; given by tests
 * @throws ConfigurationMistakes naming every mistake
 */
export function migrationUrls(env: Environment, readFile?: FileReader): { readonly ownerUrl: Secret; readonly serviceUrl: Secret } {
  const reader = new EnvironmentReader(env, readFile);
  const ownerUrl = reader.secret('DATABASE_OWNER_URL');
  checkDatabaseUrl(reader, 'DATABASE_OWNER_URL', ownerUrl);
  const serviceUrl = readServiceUrl(reader);
  refuseMistakes(reader);
  return { ownerUrl, serviceUrl };
}

/**
 * The connection of a command that reads the log and needs no other setting.
 * @throws ConfigurationMistakes also when there is none: a default would check another database and call it whole
 */
export function readingUrl(env: Environment, readFile?: FileReader): Secret {
  const reader = new EnvironmentReader(env, readFile);
  const url = readServiceUrl(reader);
  refuseMistakes(reader);
  return url;
}

function readServiceUrl(reader: EnvironmentReader): Secret {
  const url = reader.secret('DATABASE_URL');
  checkDatabaseUrl(reader, 'DATABASE_URL', url);
  return url;
}

function refuseMistakes(reader: EnvironmentReader): void {
  if (reader.mistakes.length > 0) throw new ConfigurationMistakes(reader.mistakes);
}
