import { claimOrder, type Client, everyOrder, type OrderView, ServiceProblem, setInvoiceStatus } from '../src/index.js';

export interface Invoiced {
  readonly orderId: string;
  readonly invoiceId: string;
}

/** What an accounting system does; here it only makes up a number. */
export type MakeInvoice = (order: OrderView) => Promise<string>;

/**
 * Invoices the orders that are paid and have no invoice, beside any number of other workers that do the same: who claims an order
 * first goes on alone, and a worker that dies gives its order back when the claim ends.
 * @param most how many orders at most
 */
export async function invoiceOrders(client: Client, tokenId: string, makeInvoice: MakeInvoice, most = 100): Promise<Invoiced[]> {
  const invoiced: Invoiced[] = [];
  const waiting = { token_id: tokenId, order_status: 'READY_FOR_PROCESSING', invoice_created: false, limit: 50 };
  for await (const order of everyOrder(client, waiting)) {
    if (invoiced.length >= most) break;
    const invoiceId = await invoiceOne(client, tokenId, order, makeInvoice);
    if (invoiceId !== null) invoiced.push({ orderId: order.allegro_order_id, invoiceId });
  }
  return invoiced;
}

/** @returns null when another worker has the order */
async function invoiceOne(client: Client, tokenId: string, order: OrderView, makeInvoice: MakeInvoice): Promise<string | null> {
  const address = { client, path: { order_id: order.allegro_order_id }, query: { token_id: tokenId } };
  try {
    const { data: claim } = await claimOrder({ ...address, body: { purpose: 'invoice' } });
    if (claim.technical_flags.has_invoice_created) return null; // between our list and our claim
    const invoiceId = await makeInvoice(order);
    const { lease_id, fencing_token } = claim;
    await setInvoiceStatus({ ...address, body: { has_invoice_created: true, invoice_id: invoiceId, lease_id, fencing_token } });
    return invoiceId;
  } catch (error) {
    if (error instanceof ServiceProblem && ['ORDER_CLAIMED', 'CLAIM_LOST'].includes(error.code)) return null;
    throw error;
  }
}
