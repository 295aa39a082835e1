import { Injectable } from '@nestjs/common';
import { orderJson } from './order-json.js';
import { OrdersReadModel } from './orders.read-model.js';

/** Orders for those who pass them on whole. */
@Injectable()
export class OrderDocument {
  constructor(private readonly orders: OrdersReadModel) {}

  /** The order as the API answers it at this moment, as JSON text; null when the account has no such order. */
  async json(accountId: string, orderId: string, tokenId: string | null): Promise<string | null> {
    const view = await this.orders.find(accountId, orderId);
    return view && orderJson(view, tokenId);
  }
}
