import type { Client } from './generated/client/types.gen.js';
import { listOrders } from './generated/sdk.gen.js';
import type { ListOrdersData, OrderView } from './generated/types.gen.js';

/** Every page of a list that goes on by a cursor. @param nextOf the cursor of the next page; null or undefined on the last one */
export async function* pages<Page>(
  ask: (cursor: string | undefined) => Promise<{ data: Page }>,
  nextOf: (page: Page) => string | null | undefined,
): AsyncGenerator<Page, void, undefined> {
  for (let cursor: string | undefined; ;) {
    const { data } = await ask(cursor);
    yield data;
    cursor = nextOf(data) ?? undefined;
    if (cursor === undefined) return;
  }
}

/** Every order that matches, page by page behind the scenes; orders that arrive meanwhile move no page. */
export async function* everyOrder(client: Client, query: Omit<ListOrdersData['query'], 'cursor' | 'offset'>): AsyncGenerator<OrderView, void, undefined> {
  const ask = (cursor: string | undefined) => listOrders({ client, query: cursor === undefined ? query : { ...query, cursor } });
  for await (const page of pages(ask, ({ next_cursor }) => next_cursor)) yield* page.orders;
}
