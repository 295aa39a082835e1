import { Injectable } from '@nestjs/common';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import type { TokenPair } from '../allegro/oauth-answers.js';
import type { JsonObject } from '../core/json.js';
import { Problem } from '../core/problem.js';
import { PairVault } from '../tokens/pair-vault.service.js';
import { SellerLookup } from '../tokens/seller-lookup.service.js';
import { type LinkedAccount, TokenLinking } from '../tokens/token-linking.service.js';
import { LINK_FAILURES } from './auth.errors.js';
import type { Authorization } from './device-authorizations.read-model.js';
import { completeAuthorization } from './device-authorizations.store.js';
import { LinkEnd } from './link-end.service.js';
import { authorizationOwner } from './link-recorder.service.js';

const ACTOR = 'service:link';
/** Verdicts about this link; everything else is tried again with the stored pair. */
const FINAL_CODES = ['ACCOUNT_MISMATCH', 'LINK_CANCELLED'] as const;

/** From a stored pair to a linked account: `/me` says whose it is. */
@Injectable()
export class LinkCompletion {
  constructor(
    private readonly vault: PairVault,
    private readonly sellers: SellerLookup,
    private readonly linking: TokenLinking,
    private readonly end: LinkEnd,
  ) {}

  /** @returns the task's result. @throws Problem: final when the link has ended, else to be tried again */
  async complete(link: Authorization): Promise<JsonObject> {
    const pair = this.pairOf(link);
    try {
      const seller = await this.sellers.whoIs(pair.accessToken, `token:${link.tokenId}`);
      const { tokenId, tenantId, accountName, expectedAccountId } = link;
      const reservation = { tokenId, tenantId, accountName, expectedAccountId };
      const linked = await this.linking.complete({ reservation, pair, seller, actor: ACTOR }, async (tx, done) =>
        completeAuthorization(tx, link.id, resultOf(done)),
      );
      return resultOf(linked);
    } catch (error) {
      throw await this.verdict(link, error);
    }
  }

  private async verdict(link: Authorization, error: unknown): Promise<unknown> {
    if (error instanceof AllegroProblem && (error.kind === 'unauthorized' || error.kind === 'forbidden')) {
      return this.end.fail(link, 'IDENTITY_REFUSED', LINK_FAILURES.IDENTITY_REFUSED);
    }
    const final = error instanceof Problem ? FINAL_CODES.find((code) => code === error.code) : undefined;
    if (error instanceof Problem && final) return this.end.fail(link, final, error.message);
    return error;
  }

  private pairOf(link: Authorization): TokenPair {
    if (!link.accessSealed || !link.refreshSealed) throw new Error('a granted link has no pair');
    const owner = authorizationOwner(link.id);
    return {
      accessToken: this.vault.open(owner, 'access', link.accessSealed),
      refreshToken: this.vault.open(owner, 'refresh', link.refreshSealed),
      expiresInSeconds: Math.max(0, Math.floor(link.pairSecondsLeft ?? 0)),
      scope: link.pairScope ?? '',
      receivedAt: new Date(),
    };
  }
}

function resultOf(linked: LinkedAccount): JsonObject {
  return {
    token_id: linked.tokenId,
    account_id: linked.accountId,
    allegro_user_id: linked.allegroUserId,
    login: linked.login,
    relinked: linked.relinked,
    duplicates: linked.duplicates,
    conflicts: 0,
  };
}
