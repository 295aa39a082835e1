import { orderCount } from '../launcher/demo-sync.js';
import type { HttpApi } from '../launcher/http-api.js';
import { linkDemoSeller } from '../launcher/link-demo-seller.js';
import { tell } from './run-bench.js';
import type { ReadSubjects } from './read-routes.js';
import type { BenchSandbox } from './stage.js';
import { successfulSync } from './sync-task.js';

/** A tenth of the orders, spread evenly: both sides of each filter have more than a page. */
export const FLAGGED_EVERY = 10;
/** Writers at once while the stage is set. */
const WRITERS = 10;
/** Runs in the histories, so that their first page is full. */
const EARLIER_SYNCS = 60;
/** More than a page of claims, and for as long as a claim may be: the reads take minutes. */
const CLAIMED = 150;
const CLAIM_SECONDS = 3_600;
const DAY_MS = 86_400_000;

/** Links one seller, syncs everything and sets flags, over the service's own interface; answers what the reads can ask for. */
export async function setReadStage(service: HttpApi, sandbox: BenchSandbox): Promise<ReadSubjects> {
  const tokenId = await linkDemoSeller(service, sandbox.control, 'read-shop');
  const full = await successfulSync(service, tokenId, { full: true });
  let syncTaskId = full.taskId;
  for (let run = 0; run < EARLIER_SYNCS; run += 1) {
    await sandbox.control.post('/_sandbox/arrivals', { count: 2 });
    syncTaskId = (await successfulSync(service, tokenId, { full: false })).taskId;
  }
  const asOf = new Date().toISOString();
  const { ids } = await sandbox.control.get('/_sandbox/orders?ids=1');
  const orderIds = ids as string[];
  await setFlags(
    service,
    tokenId,
    orderIds.filter((_, index) => index % FLAGGED_EVERY === 0),
  );
  const unflagged = orderIds.filter((_, index) => index % FLAGGED_EVERY !== 0);
  await claimSome(service, tokenId, unflagged.slice(-CLAIMED));
  tell(`${String(await orderCount(service, tokenId))} orders in one account, every ${String(FLAGGED_EVERY)}th with its flags set`);
  const { user_id: userId } = await service.get(`/api/v1/tokens/${tokenId}`);
  const linkTaskId = await linkTask(service);
  const day = { from: new Date(Date.now() - 20 * DAY_MS).toISOString(), to: new Date(Date.now() - 10 * DAY_MS).toISOString() };
  return { tokenId, userId: String(userId), orderIds, syncTaskId, linkTaskId, asOf, invoiceId: invoiceOf(1), day };
}

async function setFlags(service: HttpApi, tokenId: string, orderIds: readonly string[]): Promise<void> {
  const waiting = [...orderIds.entries()];
  const writer = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [index, orderId] = next;
      await service.patch(`/api/v1/orders/${orderId}/stock-status?token_id=${tokenId}`, { is_stock_updated: true });
      await service.patch(`/api/v1/orders/${orderId}/invoice-status?token_id=${tokenId}`, { has_invoice_created: true, invoice_id: invoiceOf(index) });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

async function claimSome(service: HttpApi, tokenId: string, orderIds: readonly string[]): Promise<void> {
  for (const orderId of orderIds) await service.post(`/api/v1/orders/${orderId}/claims?token_id=${tokenId}`, { purpose: 'stock', ttl_seconds: CLAIM_SECONDS });
}

function invoiceOf(index: number): string {
  return `FV/${String(index)}/2026`;
}

async function linkTask(service: HttpApi): Promise<string> {
  const tasks = (await service.get('/api/v1/sync/tasks/history?task_type=link_account')) as unknown as { task_id: string }[];
  if (tasks[0] === undefined) throw new Error('the link left no task');
  return tasks[0].task_id;
}
