import { Injectable } from '@nestjs/common';
import { AllegroAuthClient } from '../allegro/allegro-auth.client.js';
import type { TokenPair } from '../allegro/oauth-answers.js';
import type { Secret } from '../core/secret.js';
import { Database } from '../platform/database/database.js';
import { AccountChanges } from './account-changes.service.js';
import type { LiveToken } from './live-token.js';
import { isIssuedAfter } from './token-claims.js';
import { PairVault, tokenOwner } from './pair-vault.service.js';
import { retryDelaySeconds } from './refresh-decision.js';
import { type StoredToken, TokenPairs } from './token-pairs.read-model.js';
import { claimLease, postponeRefresh, replacePair } from './token-pairs.store.js';
import { needsReauth } from './tokens.errors.js';

const ACTOR = 'service:refresh';

interface Lease {
  readonly tokenId: string;
  readonly leaseId: string;
}

/** Spends a refresh token once: lease, call outside any transaction, new pair stored before anybody uses it. */
@Injectable()
export class SpendRefreshToken {
  constructor(
    private readonly database: Database,
    private readonly pairs: TokenPairs,
    private readonly vault: PairVault,
    private readonly allegro: AllegroAuthClient,
    private readonly changes: AccountChanges,
  ) {}

  /** The stored pair, ready for use. */
  live(token: StoredToken): LiveToken {
    return { tokenId: token.id, generation: token.generation, accessToken: this.accessOf(token), fresh: false };
  }

  /** @returns null when another process was faster: look at the row again. @throws what Allegro's outage throws, the pair being kept */
  async spend(token: StoredToken, leaseId: string): Promise<LiveToken | null> {
    const lease = { tokenId: token.id, leaseId };
    const spent = this.refreshTokenOf(token);
    const claimed = await this.database.transaction(async (tx) => claimLease(tx, { ...lease, generation: token.generation }));
    if (!claimed) return null;
    const pair = await this.ask(token, lease, spent);
    return pair ? this.keep(token, pair) : this.refused(token, lease);
  }

  private async ask(token: StoredToken, lease: Lease, spent: Secret): Promise<TokenPair | null> {
    try {
      const answer = await this.allegro.refresh(spent);
      return answer.kind === 'refused' ? null : answer.pair;
    } catch (error) {
      // The answer may have been lost after Allegro changed the pair: the old refresh token works for 60 s, so it is due again soon.
      const seconds = retryDelaySeconds(token.refreshFailures + 1);
      await this.database.transaction(async (tx) => postponeRefresh(tx, lease, seconds));
      throw error;
    }
  }

  /** Stores the pair over the one it came from; a holder that was paused stores it only over an older one. */
  private async keep(spent: StoredToken, pair: TokenPair): Promise<LiveToken | null> {
    const sealed = this.vault.sealPair(tokenOwner(spent.id), pair);
    let current = spent;
    for (;;) {
      const at = { tokenId: spent.id, generation: current.generation };
      const stored = await this.database.transaction(async (tx) => replacePair(tx, at, sealed));
      if (stored) break;
      current = await this.pairs.load(spent.id);
      if (!isIssuedAfter(pair.accessToken.reveal(), this.accessOf(current).reveal())) return null;
    }
    return this.afterStoring(spent.id);
  }

  /** A pair that came after the token was given up brings it back; everybody else goes on with the row as it stands. */
  private async afterStoring(tokenId: string): Promise<LiveToken | null> {
    const token = await this.pairs.load(tokenId);
    if (token.state === 'needs_reauth' && token.accountId !== null) {
      await this.changes.apply({
        accountId: token.accountId,
        tokenId,
        to: 'active',
        reason: 'late_answer',
        actor: ACTOR,
        expect: { generation: token.generation },
      });
      return null;
    }
    return token.state === 'active' ? { ...this.live(token), fresh: true } : null;
  }

  /** Allegro's refusal counts only while the row is as it was when asked: else another process holds a newer pair or is fetching one. */
  private async refused(token: StoredToken, lease: Lease): Promise<null> {
    const expect = { generation: token.generation, leaseId: lease.leaseId };
    const accountId = token.accountId ?? '';
    const applied = await this.changes.apply({ accountId, tokenId: token.id, to: 'needs_reauth', reason: 'refresh_refused', actor: ACTOR, expect });
    if (applied) throw needsReauth();
    return null;
  }

  private accessOf(token: StoredToken): Secret {
    return this.vault.open(tokenOwner(token.id), 'access', sealedOf(token.accessSealed));
  }

  private refreshTokenOf(token: StoredToken): Secret {
    return this.vault.open(tokenOwner(token.id), 'refresh', sealedOf(token.refreshSealed));
  }
}

function sealedOf(sealed: Buffer | null): Buffer {
  if (!sealed) throw new Error('an active token has no stored pair');
  return sealed;
}
