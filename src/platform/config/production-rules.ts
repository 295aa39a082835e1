import { createHash } from 'node:crypto';
import type { Secret } from '../../core/secret.js';
import type { Configuration } from './configuration.js';
import type { EnvironmentReader } from './environment-reader.js';

/** Passwords of tutorials, images and our own examples; whoever scans the network tries these first. */
const DEFAULT_PASSWORDS = new Set([
  '',
  'postgres',
  'password',
  'passw0rd',
  'secret',
  'changeme',
  'change-me',
  'admin',
  'root',
  'test',
  'example',
  'order_service',
  'owner',
  '123456',
  '12345678',
  'redis',
  'demo',
]);
/** Words of examples: a random secret of 32 bytes holds none of them but by design. */
const EXAMPLE_WORDS =
  /change[-_ ]?me|example|replace[-_ ]?(me|this)|your[-_ ]|placeholder|insecure|default|demo[-_ ]|test[-_ ]|secret[-_ ]|password|passphrase|lorem|do[-_ ]not[-_ ]use|(abcdef|012345|123456)/i;

function isLoopback(url: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

/** True for the well-known ways to make 32 "random" bytes without randomness: a hashed word, or counted bytes. */
function isGuessableKey(encoded: string): boolean {
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length === 0) return false;
  const counted = bytes.every((byte, index) => byte === ((bytes[0] ?? 0) + index) % 256);
  const hashed = [...DEFAULT_PASSWORDS].some((word) => createHash('sha256').update(word).digest().equals(bytes));
  return counted || hashed || EXAMPLE_WORDS.test(bytes.toString('latin1'));
}

function refusePassword(reader: EnvironmentReader, name: string, url: Secret | null): void {
  const value = url?.reveal() ?? '';
  if (!URL.canParse(value)) return;
  const password = decodeURIComponent(new URL(value).password);
  // Without a password the server decides by other means (peer, certificate, private network).
  if (password !== '' && DEFAULT_PASSWORDS.has(password.toLowerCase())) reader.refuse(`${name} uses a default password, which production refuses`);
}

function refusePlainHttp(reader: EnvironmentReader, name: string, value: string): void {
  if (!URL.canParse(value)) return;
  const url = new URL(value);
  if (url.protocol !== 'https:' && !isLoopback(url)) reader.refuse(`${name} must be https in production`);
}

function refuseSecrets(configuration: Configuration, reader: EnvironmentReader): void {
  const { key } = configuration.access;
  if (key.kind === 'secret' && EXAMPLE_WORDS.test(key.secret.reveal())) reader.refuse('JWT_SECRET looks like an example, which production refuses');
  if (EXAMPLE_WORDS.test(configuration.allegro.clientSecret.reveal())) reader.refuse('ALLEGRO_CLIENT_SECRET looks like an example, which production refuses');
  if ([...configuration.masterKeys.keys.values()].some((masterKey) => isGuessableKey(masterKey.reveal()))) {
    reader.refuse('MASTER_KEYS holds an example key, which production refuses');
  }
  if (isGuessableKey(configuration.hashPepper.reveal())) reader.refuse('HASH_PEPPER is an example key, which production refuses');
}

/** What is fine on a laptop and not where real sellers' tokens are kept. */
export function refuseUnsafeProduction(configuration: Configuration, reader: EnvironmentReader): void {
  if (!configuration.production) return;
  if (configuration.demo) reader.refuse('DEMO_MODE cannot be combined with NODE_ENV=production');
  refuseSecrets(configuration, reader);
  refusePassword(reader, 'DATABASE_URL', configuration.database.url);
  refusePassword(reader, 'DATABASE_OWNER_URL', configuration.database.ownerUrl);
  refusePassword(reader, 'REDIS_URL', configuration.redis?.url ?? null);
  refusePlainHttp(reader, 'ALLEGRO_API_URL', configuration.allegro.apiUrl);
  refusePlainHttp(reader, 'ALLEGRO_AUTH_URL', configuration.allegro.authUrl);
  if (configuration.access.key.kind === 'jwks') refusePlainHttp(reader, 'JWKS_URL', configuration.access.key.url);
}
