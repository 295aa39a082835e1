import type { BenchSandbox } from './stage.js';
import type { SellerPair } from './sandbox-seller.js';

export interface BareRead {
  readonly ms: number;
  readonly forms: number;
  readonly requests: number;
}

const PAGE = 100;
const DAY_MS = 86_400_000;
/** What Allegro lists, as the service asks for it. */
const HISTORY_DAYS = 360;

/** Fetches the pages of a seller's whole history one after the other and does nothing with them: the sandbox's own time. */
export async function readBarely(sandbox: BenchSandbox, pair: SellerPair): Promise<BareRead> {
  const startedAt = performance.now();
  const from = new Date(Date.now() - HISTORY_DAYS * DAY_MS).toISOString();
  let forms = 0;
  let requests = 0;
  for (let total = 1; forms < total; requests += 1) {
    const query = new URLSearchParams({ limit: String(PAGE), offset: String(forms), 'lineItems.boughtAt.gte': from, sort: 'lineItems.boughtAt' });
    const page = await ask(`${sandbox.url}/order/checkout-forms?${query.toString()}`, pair);
    total = page.totalCount;
    forms += page.checkoutForms.length;
  }
  return { ms: performance.now() - startedAt, forms, requests };
}

async function ask(url: string, pair: SellerPair): Promise<{ checkoutForms: unknown[]; totalCount: number }> {
  const headers = {
    authorization: `Bearer ${pair.accessToken}`,
    accept: 'application/vnd.allegro.public.v1+json',
    'user-agent': 'Order-Log-Bench/1.0.0 (+https://example.com/order-log)',
  };
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`the sandbox answered ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as { checkoutForms: unknown[]; totalCount: number };
}
