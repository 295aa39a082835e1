import type { FilterQuery } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { UUID } from '../core/uuid.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { Database } from '../platform/database/database.js';
import type { AccountRecord } from './account.entity.js';
import { TokenRecord } from './token.entity.js';
import type { TokenState } from './token-state.js';
import { tokenNotFound } from './tokens.errors.js';

/** A token whose seller is known: all a client ever sees. */
export type LinkedToken = TokenRecord & { readonly account: AccountRecord };

/** The account a token stands for, with what is known of both. */
export interface ResolvedAccount extends AccountRef {
  readonly environment: string;
  readonly accountName: string;
  readonly login: string | null;
  readonly baseMarketplace: string | null;
  readonly state: TokenState;
}

export interface TokenPage {
  readonly tokens: LinkedToken[];
  readonly total: number;
}

export interface TokenListing {
  readonly activeOnly: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** Tokens as their tenant sees them; links that were never finished are nobody's tokens. */
@Injectable()
export class TokenReadModel {
  constructor(private readonly database: Database) {}

  /** @throws Problem TOKEN_NOT_FOUND, also for an id that is no UUID and for another tenant's */
  async find(scope: TenantScope, tokenId: string): Promise<LinkedToken> {
    if (!UUID.test(tokenId)) throw tokenNotFound();
    const token = await this.database.transaction(async (tx) =>
      tx.findOne(TokenRecord, { id: tokenId, tenantId: scope.tenantId, account: { $ne: null } }, { populate: ['account'] }),
    );
    if (!token || !isLinked(token)) throw tokenNotFound();
    return token;
  }

  /**
   * One plain statement: nearly every request of orders and syncs begins with this question.
   * @throws Problem TOKEN_NOT_FOUND, as `find`
   */
  async accountOf(scope: TenantScope, tokenId: string): Promise<ResolvedAccount> {
    if (!UUID.test(tokenId)) throw tokenNotFound();
    const [account] = await this.database.query<ResolvedAccount>(
      `select t.id as "tokenId", t.tenant_id as "tenantId", t.environment, t.account_name as "accountName", t.state, a.id as "accountId",
         a.allegro_user_id as "allegroUserId", a.login, a.base_marketplace as "baseMarketplace"
       from tokens t join accounts a on a.id = t.account_id where t.id = $1 and t.tenant_id = $2`,
      [tokenId, scope.tenantId],
    );
    if (!account) throw tokenNotFound();
    return account;
  }

  /** Oldest first, so that pages stay put while tokens are added. */
  async list(scope: TenantScope, query: TokenListing): Promise<TokenPage> {
    const where: FilterQuery<TokenRecord> = { tenantId: scope.tenantId, account: { $ne: null }, ...(query.activeOnly ? { state: 'active' } : {}) };
    const [tokens, total] = await this.database.transaction(async (tx) =>
      tx.findAndCount(TokenRecord, where, {
        populate: ['account'],
        orderBy: { createdAt: 'asc', id: 'asc' },
        limit: query.limit,
        offset: query.offset,
      }),
    );
    return { tokens: tokens.filter(isLinked), total };
  }
}

function isLinked(token: TokenRecord): token is LinkedToken {
  return token.account !== null;
}
