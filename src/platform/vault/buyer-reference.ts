import type { OrderKeys } from './order-keys.js';

/** The keyed reference by which all orders of a buyer are found, also after their keys were destroyed. */
export function buyerReference(keys: Pick<OrderKeys, 'keyedHash'>, accountId: string, buyerId: string): Buffer {
  return keys.keyedHash('buyer', `${accountId}:${buyerId}`);
}
