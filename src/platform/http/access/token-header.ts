import type { RejectionReason } from './rejection.js';

export interface TokenHeader {
  readonly alg: string;
  readonly kid: string | undefined;
}

/** Members that ask the verifier to do something else than check one signature with one configured key. */
const REFUSED_MEMBERS = ['crit', 'b64', 'zip', 'enc'] as const;

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/**
 * The header of a compact JWS, checked before any key is touched.
 * @param algorithms what the configuration allows; the header only has to agree
 * @returns the reason when the header is refused
 */
export function readTokenHeader(token: string, algorithms: readonly string[]): TokenHeader | RejectionReason {
  const header = parseObject(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8'));
  if (header === null) return 'malformed';
  if (REFUSED_MEMBERS.some((member) => Object.hasOwn(header, member))) return 'critical_header';
  const { alg, kid } = header;
  if (typeof alg !== 'string' || !algorithms.includes(alg)) return 'algorithm';
  if (kid !== undefined && typeof kid !== 'string') return 'malformed';
  return { alg, kid };
}
