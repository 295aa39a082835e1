import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { NamedBuyer } from '../platform/vault/buyer-reference.js';

interface OrderIdRow {
  readonly orderId: string;
}

/** Which orders of an account are a buyer's. */
@Injectable()
export class BuyersOrders {
  constructor(private readonly database: Database) {}

  /** Orders whose form names this e-mail or login. */
  async searched(accountId: string, { email, login }: NamedBuyer): Promise<string[]> {
    return this.ids(
      `select o.order_id as "orderId" from order_search s join orders o using (stream_id) where s.account_id = $1 and (s.email = $2 or s.login = $3)`,
      [accountId, email?.toLowerCase() ?? null, login?.toLowerCase() ?? null],
    );
  }

  /** Orders whose keys are kept under one of these references. */
  async referredTo(accountId: string, references: readonly Buffer[]): Promise<string[]> {
    return this.ids(
      `select s.order_id as "orderId" from vault.order_keys k join event_log.streams s using (stream_id)
       where k.account_id = $1 and k.buyer_ref = any ($2) and s.order_id <> ''`,
      [accountId, references],
    );
  }

  /** Those of the orders that are held. */
  async held(accountId: string, orderIds: readonly string[]): Promise<string[]> {
    return this.ids(`select order_id as "orderId" from event_log.streams where account_id = $1 and order_id = any ($2) and order_id <> ''`, [
      accountId,
      orderIds,
    ]);
  }

  private async ids(sql: string, params: readonly unknown[]): Promise<string[]> {
    return (await this.database.query<OrderIdRow>(sql, params)).map(({ orderId }) => orderId);
  }
}
