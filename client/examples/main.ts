import { type Client, connect, followChanges, type FollowSettings } from '../src/index.js';
import { invoiceOrders } from './invoice-orders.js';
import { knownAccount, linkAccount } from './link-account.js';
import { setStockFlag } from './set-flag.js';

const say = (text: string): unknown => process.stdout.write(`${text}\n`);
const confirm = (address: string): unknown => say(`Confirm at ${address}`);

/** Connects or finds an account, invoices some orders and waits until the feed of changes has told of each. */
async function main(baseUrl: string, token: string): Promise<void> {
  const client = connect({ baseUrl, token });
  const tokenId = (await knownAccount(client)) ?? (await linkAccount(client, 'example-shop', confirm));
  const stop = new AbortController();
  const told = flagsToldOf(client, { tokenId, signal: stop.signal });
  const first = told.next(); // the stream is open from here on

  const invoiced = await invoiceOrders(client, tokenId, async (order) => `FV/EXAMPLE/${order.allegro_order_id}`, 3);
  for (const { orderId, invoiceId } of invoiced) {
    say(`invoiced ${orderId} as ${invoiceId}`);
    await setStockFlag(client, tokenId, orderId);
  }
  const untold = new Set(invoiced.map(({ orderId }) => orderId));
  for (let next = await first; untold.size > 0 && next.done !== true; next = await told.next()) {
    if (untold.delete(next.value)) say(`told of ${next.value}`);
  }
  stop.abort();
  say(`done: ${String(invoiced.length)} orders`);
}

/** The orders whose flags change, as the stream tells of them. */
async function* flagsToldOf(client: Client, settings: FollowSettings): AsyncGenerator<string, void, undefined> {
  for await (const { order_id: orderId, topics } of followChanges(client, settings)) {
    if (orderId !== null && topics.includes('order.flags_changed')) yield orderId;
  }
}

await main(process.env['ORDER_LOG_URL'] ?? 'http://127.0.0.1:3000', process.env['ORDER_LOG_TOKEN'] ?? '');
