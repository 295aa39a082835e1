import { Inject, Injectable } from '@nestjs/common';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import type { Secret } from '../core/secret.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { AccountChanges } from './account-changes.service.js';
import type { LiveToken } from './live-token.js';
import { isWornOut } from './refresh-decision.js';
import { SpendRefreshToken } from './spend-refresh-token.service.js';
import { TokenRefresh } from './token-refresh.service.js';
import { type StoredToken, TokenPairs } from './token-pairs.read-model.js';
import { needsReauth, notUsable, wrongEnvironment } from './tokens.errors.js';

/** The row may be newer than what a call used more than once when several processes refresh; more often than this is a bug. */
const MAX_CALLS = 4;

/** Access tokens for calls to Allegro. Nobody keeps one: each call is given the one that works now. */
@Injectable()
export class Tokens {
  constructor(
    private readonly pairs: TokenPairs,
    private readonly refreshes: TokenRefresh,
    private readonly spender: SpendRefreshToken,
    private readonly changes: AccountChanges,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  /**
   * Runs `call` with a working access token. When Allegro answers 401 the row is read again: a newer pair is used, else the pair
   * is refreshed once; a 401 with a pair fresh from Allegro means that the consent is gone.
   * @throws Problem TOKEN_NOT_FOUND, TOKEN_NEEDS_REAUTH, TOKEN_DEACTIVATED, WRONG_ENVIRONMENT, and whatever `call` throws
   */
  async withAccessToken<T>(tokenId: string, call: (accessToken: Secret) => Promise<T>): Promise<T> {
    let live = await this.usable(tokenId);
    for (let calls = 1; ; calls += 1) {
      try {
        return await call(live.accessToken);
      } catch (error) {
        if (!isUnauthorized(error) || calls === MAX_CALLS) throw error;
        if (live.fresh) throw await this.giveUp(live, error);
        live = await this.refreshes.newerThan(tokenId, { generation: live.generation, atOnce: false });
      }
    }
  }

  /** Refreshes now, whatever time the token has left. @throws as {@link TokenRefresh.newerThan} */
  async refresh(tokenId: string): Promise<void> {
    const token = await this.loadUsable(tokenId);
    await this.refreshes.newerThan(tokenId, { generation: token.generation, atOnce: true });
  }

  /** Refreshes only when the access token is about to end. @returns true when it was refreshed */
  async refreshWhenWornOut(tokenId: string): Promise<boolean> {
    const token = await this.loadUsable(tokenId);
    if (!isWornOut(token)) return false;
    await this.refreshes.newerThan(tokenId, { generation: token.generation, atOnce: true });
    return true;
  }

  private async usable(tokenId: string): Promise<LiveToken> {
    const token = await this.loadUsable(tokenId);
    if (!isWornOut(token)) return this.spender.live(token);
    return this.refreshes.newerThan(tokenId, { generation: token.generation, atOnce: false });
  }

  private async loadUsable(tokenId: string): Promise<StoredToken> {
    const token = await this.pairs.load(tokenId);
    if (token.state !== 'active') throw notUsable(token.state);
    if (token.environment !== this.config.allegro.environment) throw wrongEnvironment(token.environment);
    return token;
  }

  /** A pair straight from Allegro is refused by Allegro: the consent is gone, unless the row moved on meanwhile. */
  private async giveUp(live: LiveToken, refusal: unknown): Promise<unknown> {
    const token = await this.pairs.load(live.tokenId);
    const accountId = token.accountId ?? '';
    const expect = { generation: live.generation };
    const change = { accountId, tokenId: live.tokenId, to: 'needs_reauth', reason: 'access_refused', actor: 'service:access', expect } as const;
    return (await this.changes.apply(change)) ? needsReauth() : refusal;
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof AllegroProblem && error.kind === 'unauthorized';
}
