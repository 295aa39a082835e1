import type { TenantScope } from './tenant-scope.js';

/** The account a token id stands for; a token id stays a valid alias of its account for ever. */
export interface AccountRef {
  readonly accountId: string;
  readonly tokenId: string;
  readonly tenantId: string;
  readonly allegroUserId: string;
}

/** The one way from the `token_id` of a request to an account: no read or write of orders happens without passing here. */
export abstract class AccountDirectory {
  /** @throws Problem `TOKEN_NOT_FOUND` (404) when the token does not exist or is another tenant's */
  abstract resolve(scope: TenantScope, tokenId: string): Promise<AccountRef>;
}
