import { Injectable } from '@nestjs/common';
import { AllegroAuthClient } from '../allegro/allegro-auth.client.js';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import type { TokenPair } from '../allegro/oauth-answers.js';
import type { Secret } from '../core/secret.js';
import type { SellerIdentity } from './accounts.store.js';
import { USE_MARGIN_SECONDS } from './refresh-decision.js';
import { SellerLookup } from './seller-lookup.service.js';
import { mayBelongTo } from './token-claims.js';
import { pairRefused } from './tokens.errors.js';

/** A pair as a client hands it in. */
export interface GivenPair {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  readonly expiresAt: Date;
}

export interface CheckedPair {
  readonly pair: TokenPair;
  readonly seller: SellerIdentity;
}

/** Finds out whose a handed-in pair is before it may be used for anything. */
@Injectable()
export class PairCheck {
  constructor(
    private readonly sellers: SellerLookup,
    private readonly auth: AllegroAuthClient,
  ) {}

  /**
   * Asks `/me`; a pair whose access token has ended is refreshed first.
   * @throws Problem TOKEN_REFUSED (422), AllegroProblem
   */
  async check(given: GivenPair, accountKey: string): Promise<CheckedPair> {
    const pair = asPair(given, new Date());
    const seller = pair.expiresInSeconds > USE_MARGIN_SECONDS ? await this.sellerOf(pair, accountKey) : null;
    const checked = seller ? { pair, seller } : await this.refreshed(given, accountKey);
    if (!mayBelongTo(checked.pair.refreshToken.reveal(), checked.seller.id))
      throw pairRefused('The refresh token belongs to another seller than the access token.');
    return checked;
  }

  private async refreshed(given: GivenPair, accountKey: string): Promise<CheckedPair> {
    const answer = await this.auth.refresh(given.refreshToken);
    if (answer.kind === 'refused') throw pairRefused('Allegro accepts neither the access token nor the refresh token.');
    const seller = await this.sellerOf(answer.pair, accountKey);
    if (!seller) throw pairRefused('Allegro does not accept the access token.');
    return { pair: answer.pair, seller };
  }

  private async sellerOf(pair: TokenPair, accountKey: string): Promise<SellerIdentity | null> {
    try {
      return await this.sellers.whoIs(pair.accessToken, accountKey);
    } catch (error) {
      if (error instanceof AllegroProblem && error.kind === 'unauthorized') return null;
      throw error;
    }
  }
}

function asPair(given: GivenPair, now: Date): TokenPair {
  const expiresInSeconds = Math.floor((given.expiresAt.getTime() - now.getTime()) / 1000);
  return { accessToken: given.accessToken, refreshToken: given.refreshToken, expiresInSeconds, scope: '', receivedAt: now };
}
