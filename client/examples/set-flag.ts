import { type Client, getOrderFlags, ServiceProblem, setStockStatus } from '../src/index.js';

/**
 * Sets the stock flag of an order only while it is as the person at the screen saw it.
 * @param seenEtag the `ETag` that came with what is shown; without it the flags are read first
 * @returns the new ETag, or null when somebody was faster: show the flags anew
 */
export async function setStockFlag(client: Client, tokenId: string, orderId: string, seenEtag?: string): Promise<string | null> {
  const address = { client, path: { order_id: orderId }, query: { token_id: tokenId } };
  const etag = seenEtag ?? (await getOrderFlags(address)).response.headers.get('etag') ?? '';
  try {
    const { response } = await setStockStatus({ ...address, headers: { 'If-Match': etag }, body: { is_stock_updated: true } });
    return response.headers.get('etag');
  } catch (error) {
    if (error instanceof ServiceProblem && error.code === 'FLAGS_CHANGED') return null;
    throw error;
  }
}
