import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { JsonObject } from '../json.js';
import type { SandboxSettings } from '../settings.js';
import type { Seller } from '../shop/sellers.js';
import { forgeJwt } from './tokens.js';

/** One consent of a seller, for one application. */
export interface Session {
  readonly seller: Seller | null;
  readonly clientId: string;
  readonly scopes: readonly string[];
  end: 'open' | 'closed' | 'unlinked';
  liveAccess: string;
  liveRefresh: string;
}

interface AccessToken {
  readonly session: Session;
  readonly jti: string;
  expiresAtMs: number;
}

interface RefreshToken {
  readonly session: Session;
  readonly jti: string;
  readonly expiresAtMs: number;
  spentAtMs: number | null;
  spends: number;
  graceRepeats: number;
  refusals: number;
}

/** How often one refresh token was accepted: once, plus repeats inside the grace. Tokens are named by their `jti`. */
export interface RefreshRecord {
  readonly jti: string;
  readonly sellerId: string | null;
  readonly spends: number;
  readonly graceRepeats: number;
  readonly refusals: number;
}

type RefreshOutcome = { readonly kind: 'pair'; readonly answer: JsonObject } | { readonly kind: 'invalid_grant' | 'unlinked' };
type AccessOutcome = { readonly kind: 'open'; readonly session: Session } | { readonly kind: 'unknown' | 'expired' };

/** Every token ever given out. A session has one live pair: the last one. */
export class Sessions {
  readonly #settings: SandboxSettings;
  readonly #clock: Clock;
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #open: Session[] = [];

  constructor(settings: SandboxSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** A new consent; beyond the limit of open sessions the seller's oldest dies. */
  begin(seller: Seller, clientId: string, scopes: readonly string[]): JsonObject {
    const session: Session = { seller, clientId, scopes, end: 'open', liveAccess: '', liveRefresh: '' };
    this.#open.push(session);
    const mine = this.#open.filter((each) => each.seller?.id === seller.id && each.end === 'open');
    for (const old of mine.slice(0, Math.max(0, mine.length - this.#settings.sessionsPerSeller))) old.end = 'closed';
    return this.#issue(session);
  }

  /** A token without a seller, as `client_credentials` gives: good for no order. */
  beginWithoutSeller(clientId: string, scopes: readonly string[]): JsonObject {
    const session: Session = { seller: null, clientId, scopes, end: 'open', liveAccess: '', liveRefresh: '' };
    const answer = this.#issue(session);
    delete answer['refresh_token'];
    this.#refresh.delete(session.liveRefresh);
    return answer;
  }

  /**
   * Single use, with a grace for lost answers. Repeating inside it gives a new pair and retires the one before:
   * nothing promises that an earlier pair stays good, so here it does not.
   */
  refresh(token: string, clientId: string): RefreshOutcome {
    const held = this.#refresh.get(token);
    if (!held || held.session.clientId !== clientId) return { kind: 'invalid_grant' };
    if (held.session.end === 'unlinked') return { kind: 'unlinked' };
    if (held.session.end === 'closed' || !this.#isGood(held, token)) {
      held.refusals += 1;
      return { kind: 'invalid_grant' };
    }
    if (held.spentAtMs === null) held.spends += 1;
    else held.graceRepeats += 1;
    held.spentAtMs ??= this.#clock.nowMs();
    return { kind: 'pair', answer: this.#issue(held.session) };
  }

  access(token: string): AccessOutcome {
    const held = this.#access.get(token);
    if (!held) return { kind: 'unknown' };
    const { session } = held;
    const good = session.end === 'open' && session.liveAccess === token && held.expiresAtMs > this.#clock.nowMs();
    return good ? { kind: 'open', session } : { kind: 'expired' };
  }

  /** Makes the access tokens now in use expired; refreshing still works. */
  expireAccess(sellerId: string | null): number {
    const live = [...this.#access.entries()].filter(([token, { session }]) => session.liveAccess === token && ofSeller(session, sellerId));
    for (const [, held] of live) held.expiresAtMs = this.#clock.nowMs();
    return live.length;
  }

  /** Ends consents: `closed` as after a password change, `unlinked` as after the seller removed the application. */
  revoke(sellerId: string | null, end: 'closed' | 'unlinked'): number {
    const open = this.#open.filter((session) => session.end === 'open' && ofSeller(session, sellerId));
    for (const session of open) session.end = end;
    return open.length;
  }

  refreshRecords(): RefreshRecord[] {
    return [...this.#refresh.values()].map(({ session, jti, spends, graceRepeats, refusals }) => {
      return { jti, sellerId: session.seller?.id ?? null, spends, graceRepeats, refusals };
    });
  }

  /** The session's last refresh token, or one spent so lately that its answer may have been lost. */
  #isGood(held: RefreshToken, token: string): boolean {
    const nowMs = this.#clock.nowMs();
    if (held.spentAtMs !== null) return nowMs - held.spentAtMs <= this.#settings.refreshGraceSeconds * 1_000;
    return held.session.liveRefresh === token && held.expiresAtMs > nowMs;
  }

  #issue(session: Session): JsonObject {
    const nowMs = this.#clock.nowMs();
    const settings = this.#settings;
    const jti = randomUUID();
    const accessExpiresAtMs = nowMs + settings.accessTokenTtlSeconds * 1_000;
    const refreshExpiresAtMs = nowMs + settings.refreshTokenTtlSeconds * 1_000;
    const shared = { scope: session.scopes, allegro_api: true, client_id: session.clientId, user_name: session.seller?.id };
    const refreshJti = randomUUID();
    session.liveAccess = forgeJwt({ ...shared, exp: Math.floor(accessExpiresAtMs / 1_000), jti });
    session.liveRefresh = forgeJwt({ ...shared, exp: Math.floor(refreshExpiresAtMs / 1_000), jti: refreshJti, ati: jti });
    this.#access.set(session.liveAccess, { session, jti, expiresAtMs: accessExpiresAtMs });
    const counters = { spentAtMs: null, spends: 0, graceRepeats: 0, refusals: 0 };
    this.#refresh.set(session.liveRefresh, { session, jti: refreshJti, expiresAtMs: refreshExpiresAtMs, ...counters });
    return {
      access_token: session.liveAccess,
      token_type: 'bearer',
      refresh_token: session.liveRefresh,
      expires_in: settings.accessTokenTtlSeconds,
      scope: session.scopes.join(' '),
      allegro_api: true,
      jti,
    };
  }
}

function ofSeller(session: Session, sellerId: string | null): boolean {
  return sellerId === null || session.seller?.id === sellerId;
}
