import type { JsonObject } from '../core/json.js';
import type { OrderView } from '../orders/order-json.js';
import type { FailedOrder } from '../sync/failed-orders.read-model.js';
import type { SyncPause } from '../sync/sync-pauses.read-model.js';
import type { Schedule } from '../sync/sync-schedules.read-model.js';
import type { HeldClaim } from '../technical-flags/claims.read-model.js';
import { fact, type Fact } from './fact.js';

/** What is known of an order now, besides its past. */
export interface PresentOrder {
  readonly view: OrderView | null;
  /** Whether the log holds anything of it. */
  readonly isRecorded: boolean;
  readonly claims: readonly HeldClaim[];
}

/** What decides about what happens next. */
export interface Prospects {
  readonly waiting: number;
  readonly owed: FailedOrder | null;
  readonly pause: SyncPause | null;
  readonly isLinked: boolean;
  readonly schedule: Schedule | null;
}

function viewFacts(view: OrderView): Fact[] {
  const { status } = JSON.parse(view.document) as JsonObject;
  const facts = [fact('now_known', { status: typeof status === 'string' ? status : null, version: view.version })];
  if (view.kept.length > 0) facts.push(fact('now_keeps', { paths: view.kept.map(({ path }) => path) }));
  if (view.mergedInto !== null) facts.push(fact('now_replaced', { order_id: view.mergedInto }));
  if (view.attention) facts.push(fact('now_flags_disagree', {}));
  return [
    ...facts,
    fact(view.isStockUpdated ? 'stock_is_booked' : 'stock_is_open', {}),
    fact(view.hasInvoiceCreated ? 'invoice_is_made' : 'invoice_is_open', {}),
  ];
}

/** How the order stands now. */
export function presentFacts({ view, isRecorded, claims }: PresentOrder): Fact[] {
  const known = view ? viewFacts(view) : [fact(isRecorded ? 'now_without_form' : 'now_unrecorded', {})];
  return [...known, ...claims.map(({ holder, purpose, expiresAt }) => fact('claimed', { actor: holder, purpose, expires_at: expiresAt }))];
}

function owedFacts({ reason, nextTryAt, attempts, allegroStatus, traceId, parkedAt }: FailedOrder): Fact[] {
  const owed = fact(`owed_${reason}`, { next_try_at: nextTryAt, attempts, allegro_status: allegroStatus, trace_id: traceId });
  return parkedAt === null ? [owed] : [owed, fact('owed_put_aside', { parked_at: parkedAt })];
}

function accountFacts({ pause, isLinked, schedule }: Prospects): Fact[] {
  if (!isLinked) return [fact('account_needs_linking', {})];
  const paused = pause ? [fact('account_paused', { pause_id: pause.id, paused_at: pause.pausedAt, causes: pause.causes.map(({ code }) => code) })] : [];
  if (!schedule) return [...paused, fact('no_schedule', {})];
  const next = fact('next_sync', { interval_minutes: schedule.intervalMinutes, next_run_at: schedule.nextRunAt });
  const fails = schedule.consecutiveFailures > 0 ? [fact('schedule_fails', { failures: schedule.consecutiveFailures })] : [];
  return [...paused, next, ...fails];
}

/** What happens next, and what it waits for. */
export function nextFacts(prospects: Prospects): Fact[] {
  const { waiting, owed } = prospects;
  const decisions = waiting > 0 ? [fact('waits_for_decision', { count: waiting })] : [];
  return [...decisions, ...(owed ? owedFacts(owed) : []), ...accountFacts(prospects)];
}
