import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { Secret } from '../core/secret.js';
import { MalformedAnswer } from './malformed-answer.errors.js';

export interface TokenPair {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  readonly expiresInSeconds: number;
  readonly scope: string;
  readonly receivedAt: Date;
}

export interface DeviceCode {
  readonly deviceCode: Secret;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** A pair as read; `lifetimeAssumed` asks for an alert, because Allegro's own figure was missing or absurd. */
export interface TokenAnswer {
  readonly pair: Omit<TokenPair, 'receivedAt'>;
  readonly lifetimeAssumed: boolean;
}

export type DeviceRefusal = 'pending' | 'slow_down' | 'denied' | 'invalid';

/** What Allegro documents for access tokens (43199 s); the pair is kept, for its refresh token is the only live one. */
const USUAL_TOKEN_SECONDS = 43_199;
/** No access token of Allegro lives longer than its refresh token's three months. */
const LONGEST_TOKEN_SECONDS = 92 * 86_400;
/** RFC 8628 section 3.2 for an absent interval. */
const DEFAULT_INTERVAL_SECONDS = 5;
/** Longer than any interval seen (5 s); a wrong one must not stall the linking for hours. */
const LONGEST_INTERVAL_SECONDS = 60;
/** What Allegro sends (3600 s), both as the default and as the most that is believed, times two. */
const USUAL_DEVICE_SECONDS = 3_600;

/** @throws MalformedAnswer when either token is missing: half a pair must never replace a whole one. */
export function readTokens(body: JsonValue): TokenAnswer {
  const answer = objectOf(body);
  const accessToken = requiredText(answer, 'access_token');
  const refreshToken = requiredText(answer, 'refresh_token');
  const seconds = positiveSeconds(answer['expires_in'], LONGEST_TOKEN_SECONDS);
  return {
    pair: {
      accessToken: new Secret(accessToken),
      refreshToken: new Secret(refreshToken),
      expiresInSeconds: seconds ?? USUAL_TOKEN_SECONDS,
      scope: typeof answer['scope'] === 'string' ? answer['scope'] : '',
    },
    lifetimeAssumed: seconds === null,
  };
}

/** Numbers may be written as strings, as Allegro's documentation prints them. @throws MalformedAnswer without the codes or addresses. */
export function readDeviceCode(body: JsonValue): DeviceCode {
  const answer = objectOf(body);
  const verificationUri = requiredText(answer, 'verification_uri');
  const complete = answer['verification_uri_complete'];
  return {
    deviceCode: new Secret(requiredText(answer, 'device_code')),
    userCode: requiredText(answer, 'user_code'),
    verificationUri,
    verificationUriComplete: typeof complete === 'string' && complete !== '' ? complete : verificationUri,
    expiresInSeconds: positiveSeconds(answer['expires_in'], 2 * USUAL_DEVICE_SECONDS) ?? USUAL_DEVICE_SECONDS,
    intervalSeconds: positiveSeconds(answer['interval'], LONGEST_INTERVAL_SECONDS) ?? DEFAULT_INTERVAL_SECONDS,
  };
}

/** Allegro's own trouble: it says nothing of the link. */
const PASSING_FAILURES: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);
const DEVICE_REFUSALS: ReadonlyMap<string, DeviceRefusal> = new Map([
  ['authorization_pending', 'pending'],
  ['slow_down', 'slow_down'],
  ['access_denied', 'denied'],
]);

/** The end or not-yet-end that a refused poll means; any code but the three known ones ends the polling (so Allegro's tutorial). */
export function deviceRefusal(codes: readonly string[]): DeviceRefusal | null {
  const [code] = codes;
  if (code === undefined || PASSING_FAILURES.has(code)) return null;
  return DEVICE_REFUSALS.get(code) ?? 'invalid';
}

const REFUSED_TOKEN: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_token']);
const isRemoved = (code: string, codes: readonly string[]) => code === 'unauthorized' && !codes.includes('bad_client_credentials');

/**
 * Whether the refresh token itself was refused: only then is the seller's consent needed again.
 * 401 "Unauthorized" comes when the seller removed the application (allegro-api#11371), but a wrong client secret looks
 * almost the same and must not take every account down.
 */
export function refreshRefusal(status: number | null, codes: readonly string[]): string | null {
  const code = codes[0]?.toLowerCase() ?? '';
  // The same words under a 5xx are an outage that passes.
  if (status !== 400 && status !== 401) return null;
  if (REFUSED_TOKEN.has(code)) return code;
  return status === 401 && isRemoved(code, codes) ? code : null;
}

function objectOf(body: JsonValue): JsonObject {
  if (!isJsonObject(body)) throw new MalformedAnswer('the answer is no JSON object');
  return body;
}

function requiredText(answer: JsonObject, key: string): string {
  const value = answer[key];
  if (typeof value !== 'string' || value === '') throw new MalformedAnswer(`the answer has no ${key}`);
  return value;
}

function positiveSeconds(value: JsonValue | undefined, most: number): number | null {
  const number = typeof value === 'string' && /^\s*\d{1,12}(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 1) return null;
  return Math.min(Math.floor(number), most);
}
