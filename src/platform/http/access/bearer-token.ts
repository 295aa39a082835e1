import { isMachineKey } from './machine-key.js';

/** Real tokens stay below 2 kB; a longer one is an attempt to make the parser work. */
const MAX_TOKEN_LENGTH = 8_192;
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export type BearerToken = { readonly kind: 'token'; readonly token: string } | { readonly kind: 'missing' | 'repeated' | 'malformed' };

/**
 * The one bearer token of a request.
 * @param rawHeaders names and values in turn, as they arrived: Node itself drops repeated Authorization headers silently
 */
export function bearerTokenOf(rawHeaders: readonly string[]): BearerToken {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization');
  const value = values[0];
  if (value === undefined) return { kind: 'missing' };
  if (values.length > 1) return { kind: 'repeated' };
  const [scheme, token, ...rest] = value.split(' ');
  const clean = scheme?.toLowerCase() === 'bearer' && rest.length === 0 && token !== undefined;
  return clean && isCredential(token) ? { kind: 'token', token } : { kind: 'malformed' };
}

function isCredential(token: string): boolean {
  return isMachineKey(token) || isCompactJws(token);
}

function isCompactJws(token: string): boolean {
  return token.length <= MAX_TOKEN_LENGTH && COMPACT_JWS.test(token) && token.split('.').every(isCanonical);
}

/** Base64url whose unused last bits are zero: otherwise several spellings would name the same signature. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}
