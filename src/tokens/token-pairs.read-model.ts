import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import type { RefreshView } from './refresh-decision.js';
import { tokenNotFound } from './tokens.errors.js';

/** A token with its sealed pair; durations by the clock of the database, so that no process clock matters. */
export interface StoredToken extends RefreshView {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string | null;
  readonly environment: 'production' | 'sandbox';
  readonly accessSealed: Buffer | null;
  readonly refreshSealed: Buffer | null;
  readonly refreshFailures: number;
}

export interface TokenAtGeneration {
  readonly id: string;
  readonly generation: string;
}

export interface ExpiringToken {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly accountName: string;
}

const STORED_TOKEN = `
  select id, tenant_id as "tenantId", account_id as "accountId", environment, state, generation,
    access_sealed as "accessSealed", refresh_sealed as "refreshSealed", refresh_failures as "refreshFailures",
    extract(epoch from expires_at - now())::float8 as "secondsLeft",
    coalesce(lease_until > now(), false) as leased,
    greatest(0, coalesce(extract(epoch from retry_at - now()), 0))::float8 as "retryInSeconds"
  from tokens`;

/** What refreshing reads: one token, those whose refresh was left unfinished, those that expire soon. */
@Injectable()
export class TokenPairs {
  constructor(private readonly database: Database) {}

  /** @throws Problem TOKEN_NOT_FOUND */
  async load(tokenId: string): Promise<StoredToken> {
    const [row] = await this.database.query<StoredToken>(`${STORED_TOKEN} where id = $1`, [tokenId]);
    if (!row) throw tokenNotFound();
    return row;
  }

  /** Tokens whose refresh crashed (a lease that ran out) or failed and is due again. */
  async unfinished(environment: string, limit: number): Promise<TokenAtGeneration[]> {
    return this.database.query(
      `select id, generation from tokens
       where state = 'active' and environment = $1 and (lease_id is not null or retry_at is not null) and coalesce(lease_until, retry_at) <= now()
       order by coalesce(lease_until, retry_at) limit $2`,
      [environment, limit],
    );
  }

  /** Active tokens that end within the given seconds and have no refresh task yet, the most urgent first. */
  async expiring(tx: Transaction, environment: string, range: { withinSeconds: number; limit: number }): Promise<ExpiringToken[]> {
    return query(
      tx,
      `select id, tenant_id as "tenantId", account_id as "accountId", account_name as "accountName" from tokens
       where state = 'active' and retry_at is null and environment = $1 and expires_at < now() + make_interval(secs => $2)
         and not exists (select from tasks where tasks.token_id = tokens.id and task_type = 'refresh_token' and status in ('PENDING', 'STARTED'))
       order by expires_at, id limit $3`,
      [environment, range.withinSeconds, range.limit],
    );
  }
}
