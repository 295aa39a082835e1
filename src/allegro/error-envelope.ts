import { isJsonObject, type JsonValue } from '../core/json.js';

/** The error answer of Allegro, reduced to what may be kept: cleaned codes, never messages. */
export interface ErrorEnvelope {
  readonly codes: readonly string[];
  /** A page that asks for a captcha, which is how a blocked address looks. */
  readonly captcha: boolean;
}

/** More codes than any real answer carries; a hostile one must not fill the log. */
const MOST_CODES = 10;
const CODE = /^[A-Za-z][A-Za-z0-9_.: -]{0,63}$/;
/** Says that the application's own id or secret was refused, not the seller's token. */
const BAD_CLIENT = /bad (?:client )?credentials|full authentication|client authentication/i;

/** Reads `{"errors":[{"code"}]}` and OAuth's `{"error"}`; null when the body is neither. Every field may be absent or null. */
export function readErrorEnvelope(body: JsonValue | undefined): ErrorEnvelope | null {
  if (!isJsonObject(body)) return null;
  if (typeof body['url'] === 'string' && /captcha/i.test(body['url'])) return { codes: [], captcha: true };
  if (Array.isArray(body['errors'])) return { codes: codesOf(body['errors']), captcha: false };
  if (typeof body['error'] !== 'string') return null;
  const badClient = typeof body['error_description'] === 'string' && BAD_CLIENT.test(body['error_description']);
  return { codes: [...cleanCode(body['error']), ...(badClient ? ['bad_client_credentials'] : [])], captcha: false };
}

function codesOf(errors: readonly JsonValue[]): string[] {
  return errors.slice(0, MOST_CODES).flatMap((error) => (isJsonObject(error) ? cleanCode(error['code']) : []));
}

/** A code that does not look like one is dropped: it may be a token or a name. */
function cleanCode(code: JsonValue | undefined): string[] {
  return typeof code === 'string' && CODE.test(code) ? [code] : [];
}
