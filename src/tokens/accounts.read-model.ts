import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { AccountToken, AccountView } from './plan-token-change.js';
import type { TokenState } from './token-state.js';

type AccountRow = Omit<AccountView, 'tokens'>;

export interface TokenPlace {
  readonly state: TokenState | null;
  /** True when the seller had a token in this tenant before. */
  readonly known: boolean;
  readonly otherLive: number;
}

/** Accounts with their tokens, as the changes of state read them. */
@Injectable()
export class Accounts {
  constructor(private readonly database: Database) {}

  /** The account and its tokens; a token that is about to join it is among them. Null when there is no such account. */
  async view(accountId: string, joiningTokenId: string): Promise<AccountView | null> {
    const [account] = await this.database.query<AccountRow>(
      `select tenant_id as "tenantId", environment, allegro_user_id as "allegroUserId", lead_token_id as "leadTokenId",
         lead_generation as "leadGeneration" from accounts where id = $1`,
      [accountId],
    );
    if (!account) return null;
    const tokens = await this.database.query<AccountToken>(
      `select id, state, created_at as "createdAt", generation, lease_id as "leaseId" from tokens
       where account_id = $1 or (id = $2 and account_id is null and tenant_id = $3)`,
      [accountId, joiningTokenId, account.tenantId],
    );
    return { ...account, tokens };
  }

  /** Token id that leads the account and works; null when none does. */
  async workingLeader(accountId: string): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(
      `select tokens.id from accounts join tokens on tokens.id = accounts.lead_token_id where accounts.id = $1 and tokens.state = 'active'`,
      [accountId],
    );
    return row?.id ?? null;
  }

  async isSeller(accountId: string, environment: string, allegroUserId: string): Promise<boolean> {
    const sql = 'select id from accounts where id = $1 and environment = $2 and allegro_user_id = $3';
    return (await this.database.query(sql, [accountId, environment, allegroUserId])).length > 0;
  }

  /** Where a token that is about to be linked stands among the tokens of its seller. */
  async placeOf(tokenId: string, accountId: string): Promise<TokenPlace> {
    const [row] = await this.database.query<TokenPlace>(
      `select (select state from tokens where id = $1) as state, count(*) > 0 as known,
         (count(*) filter (where id <> $1 and state in ('active', 'needs_reauth')))::int as "otherLive"
       from tokens where account_id = $2`,
      [tokenId, accountId],
    );
    return row ?? { state: null, known: false, otherLive: 0 };
  }
}
