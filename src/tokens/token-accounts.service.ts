import { Injectable } from '@nestjs/common';
import { AccountDirectory, type AccountRef } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { tokenDeactivated } from './tokens.errors.js';
import { type ResolvedAccount, TokenReadModel } from './tokens.read-model.js';

/** From the `token_id` of a request to the account whose orders it stands for. */
@Injectable()
export class TokenAccounts extends AccountDirectory {
  constructor(private readonly tokens: TokenReadModel) {
    super();
  }

  resolve(scope: TenantScope, tokenId: string): Promise<AccountRef> {
    return this.resolveAccount(scope, tokenId);
  }

  /** For reads: a deleted token stays an alias of its account for ever. @throws Problem TOKEN_NOT_FOUND (404) */
  resolveAccount(scope: TenantScope, tokenId: string): Promise<ResolvedAccount> {
    return this.tokens.accountOf(scope, tokenId);
  }

  /** For writes: a deleted token may not change anything. @throws Problem TOKEN_NOT_FOUND (404), TOKEN_DEACTIVATED (409) */
  async resolveForWrite(scope: TenantScope, tokenId: string): Promise<ResolvedAccount> {
    const account = await this.resolveAccount(scope, tokenId);
    if (account.state === 'deactivated') throw tokenDeactivated();
    return account;
  }
}
