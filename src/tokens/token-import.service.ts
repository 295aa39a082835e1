import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { AccountNames } from './account-names.service.js';
import { type GivenPair, PairCheck } from './pair-check.service.js';
import { type LinkedAccount, TokenLinking } from './token-linking.service.js';

/** Takes over a pair that was obtained elsewhere. */
@Injectable()
export class TokenImport {
  constructor(
    private readonly database: Database,
    private readonly names: AccountNames,
    private readonly checks: PairCheck,
    private readonly linking: TokenLinking,
  ) {}

  /**
   * The name is checked before Allegro is asked, the seller is known before the token is active.
   * @throws Problem ACCOUNT_NAME_TAKEN, LINK_IN_PROGRESS, ACCOUNT_MISMATCH (409), TOKEN_REFUSED (422), AllegroProblem
   */
  async import(scope: TenantScope, accountName: string, given: GivenPair): Promise<LinkedAccount> {
    const reservation = await this.names.reserve(scope.tenantId, accountName);
    try {
      const { pair, seller } = await this.checks.check(given, `token:${reservation.tokenId}`);
      return await this.linking.complete({ reservation, pair, seller, actor: scope.actor }, async () => undefined);
    } catch (error) {
      await this.database.transaction(async (tx) => this.names.release(tx, reservation.tokenId));
      throw error;
    }
  }
}
