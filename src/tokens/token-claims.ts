interface Claims {
  readonly iat?: unknown;
  readonly exp?: unknown;
  readonly user_name?: unknown;
}

function claimsOf(token: string): Claims {
  const middle = token.split('.')[1];
  if (middle === undefined) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(middle, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {}; // an opaque token: JSON.parse fails in no other way
  }
}

/**
 * True when `late` was issued after `stored`, by the token's own stamps (`iat`, else `exp`: every access token lives equally long).
 * Times of receipt say nothing: a process that was paused receives an old answer late. Opaque tokens cannot be told apart: false.
 */
export function isIssuedAfter(late: string, stored: string): boolean {
  const [a, b] = [claimsOf(late), claimsOf(stored)];
  if (typeof a.iat === 'number' && typeof b.iat === 'number') return a.iat > b.iat;
  return typeof a.exp === 'number' && typeof b.exp === 'number' && a.exp > b.exp;
}

/**
 * False when the token says it is another seller's: Allegro puts the numeric user id into `user_name`. Nothing is verified here;
 * it only keeps a mixed-up pair from filling one seller's account with the orders of another.
 */
export function mayBelongTo(token: string, allegroUserId: string): boolean {
  const { user_name: name } = claimsOf(token);
  return typeof name !== 'string' || !/^\d+$/.test(name) || name === allegroUserId;
}
