import { Global, Module } from '@nestjs/common';
import { Problem } from '../../src/core/problem.js';
import { AccountDirectory, type AccountRef } from '../../src/platform/http/access/account-directory.js';
import type { TenantScope } from '../../src/platform/http/access/tenant-scope.js';

/** Accounts a test names itself, where linking a seller is not what it is about. */
export class TestAccounts extends AccountDirectory {
  private readonly accounts: AccountRef[] = [];

  /** @returns the id of a token of a new account */
  add(tenantId: string, accountId: string, tokenId = `00000000-0000-4000-8000-${accountId.padStart(12, '0')}`): string {
    this.accounts.push({ accountId, tokenId, tenantId, allegroUserId: `seller-${accountId}` });
    return tokenId;
  }

  override resolve(scope: TenantScope, tokenId: string): Promise<AccountRef> {
    const account = this.accounts.find((known) => known.tenantId === scope.tenantId && known.tokenId === tokenId);
    if (!account) return Promise.reject(new Problem('TOKEN_NOT_FOUND', { status: 404, detail: 'There is no such token.' }));
    return Promise.resolve(account);
  }
}

@Global()
@Module({ providers: [{ provide: AccountDirectory, useClass: TestAccounts }], exports: [AccountDirectory] })
export class TestAccountsModule {}
