import { Secret } from '../../core/secret.js';
import type { AccessKey, Configuration } from './configuration.js';
import type { EnvironmentReader } from './environment-reader.js';

/** RFC 7518 section 3.2: an HS256 key is at least as long as the hash. */
const MIN_SECRET_BYTES = 32;
const KEY_BYTES = 32;

function hasFewDistinctBytes(bytes: Buffer): boolean {
  // 32 random bytes hold about 30 distinct values; all-zero or typed-in keys stay far below eight.
  return new Set(bytes).size < 8;
}

function checkJwtSecret(reader: EnvironmentReader, secret: Secret): void {
  const bytes = Buffer.from(secret.reveal());
  if (bytes.length < MIN_SECRET_BYTES) reader.refuse(`JWT_SECRET must have at least ${String(MIN_SECRET_BYTES)} bytes`);
  else if (hasFewDistinctBytes(bytes)) reader.refuse('JWT_SECRET must be random, not a repeated pattern');
}

function checkOneKey(reader: EnvironmentReader, secret: Secret | null, url: string | null): void {
  if (secret !== null && url !== null) reader.refuse('JWT_SECRET and JWKS_URL are both set: tokens are checked by one of them');
  if (secret === null && url === null) reader.refuse('JWT_SECRET (or JWT_SECRET_FILE) or JWKS_URL must be set');
}

function readKey(reader: EnvironmentReader): AccessKey {
  const before = reader.mistakes.length;
  const secret = reader.optionalSecret('JWT_SECRET');
  const url = reader.optional('JWKS_URL') === null ? null : reader.httpUrl('JWKS_URL');
  // What cannot be read was named already.
  if (reader.mistakes.length === before) checkOneKey(reader, secret, url);
  if (secret !== null) checkJwtSecret(reader, secret);
  return url === null ? { kind: 'secret', secret: secret ?? new Secret('') } : { kind: 'jwks', url };
}

export function readAccess(reader: EnvironmentReader): Configuration['access'] {
  return { key: readKey(reader), issuer: reader.optional('JWT_ISSUER'), audience: reader.optional('JWT_AUDIENCE') };
}

function isKey(encoded: string): boolean {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(encoded)) return false;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length === KEY_BYTES && !hasFewDistinctBytes(bytes);
}

/** `id:base64` entries, the current key first; the old ones only open what they sealed. */
export function readMasterKeys(reader: EnvironmentReader): Configuration['masterKeys'] {
  const value = reader.secret('MASTER_KEYS').reveal();
  const keys = new Map<string, Secret>();
  const entries = value === '' ? [] : value.split(',').map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    const colon = entry.indexOf(':');
    const id = entry.slice(0, Math.max(colon, 0));
    const encoded = entry.slice(colon + 1);
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || !isKey(encoded)) {
      reader.refuse(`MASTER_KEYS entry ${String(index + 1)} must be id:base64 of ${String(KEY_BYTES)} random bytes`);
    } else if (keys.has(id)) {
      reader.refuse(`MASTER_KEYS entry ${String(index + 1)} repeats the id of an earlier one`);
    } else keys.set(id, new Secret(encoded));
  }
  return { currentId: keys.keys().next().value ?? '', keys };
}

export function readPepper(reader: EnvironmentReader): Secret {
  const pepper = reader.secret('HASH_PEPPER');
  const value = pepper.reveal();
  if (value !== '' && !isKey(value)) reader.refuse(`HASH_PEPPER must be base64 of ${String(KEY_BYTES)} random bytes`);
  return pepper;
}
