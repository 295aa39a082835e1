import type { FilterQuery } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { Database } from '../platform/database/database.js';
import type { AccountRecord } from './account.entity.js';
import { TokenRecord } from './token.entity.js';
import { tokenNotFound } from './tokens.errors.js';

/** A token whose seller is known: all a client ever sees. */
export type LinkedToken = TokenRecord & { readonly account: AccountRecord };

export interface TokenPage {
  readonly tokens: LinkedToken[];
  readonly total: number;
}

export interface TokenListing {
  readonly activeOnly: boolean;
  readonly limit: number;
  readonly offset: number;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

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
