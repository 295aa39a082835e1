import type { JsonObject } from '../core/json.js';
import type { Announcement, NewEvent } from '../platform/event-log/events.js';
import { flagsAnnouncement, type FlagsState, INVOICE_SET, STOCK_SET } from '../technical-flags/flags.events.js';
import { type DocumentChange, documentChanges } from './document-changes.js';
import { ORDER_RESTORED } from './order.events.js';
import { type OrderState, withShipmentsOf } from './order.js';
import { shownOf } from './order-timeline.js';
import { boundedPaths } from './order-topics.js';

/** A state of an order and the version of its stream at which it was so. */
export interface PastOrder {
  readonly version: number;
  readonly state: OrderState;
}

export interface RestoreOrigin {
  readonly planId: string;
  readonly asOf: Date;
  readonly actor: string;
  readonly at: Date;
}

export interface PlannedRestore {
  readonly events: readonly NewEvent[];
  readonly announce: Announcement;
}

interface FlagEvent {
  readonly type: string;
  readonly payload: JsonObject;
}

/** What differs between two states, flags included and parcels left out: those are not put back. */
export function stateChanges(old: OrderState, now: OrderState): DocumentChange[] {
  return documentChanges(shownOf(withoutShipments(old)).document, shownOf(withoutShipments(now)).document);
}

function withoutShipments({ content, flags }: OrderState): OrderState {
  return { content: content && withShipmentsOf(content, {}), flags };
}

function flagEvents(now: FlagsState, past: FlagsState): FlagEvent[] {
  const events: FlagEvent[] = [];
  if (now.isStockUpdated !== past.isStockUpdated) events.push({ type: STOCK_SET, payload: { is_stock_updated: past.isStockUpdated } });
  if (now.hasInvoiceCreated !== past.hasInvoiceCreated || now.invoiceId !== past.invoiceId) {
    events.push({ type: INVOICE_SET, payload: { has_invoice_created: past.hasInvoiceCreated, invoice_id: past.invoiceId } });
  }
  return events;
}

/**
 * The events that put an order back: the restore, then the flags that differ. Nobody is told that the order came to a status again:
 * who ships what is ready for processing would ship it twice.
 * @throws for a past in which no form was known: what is put back is never nothing
 */
export function planRestore(now: OrderState, past: PastOrder, origin: RestoreOrigin): PlannedRestore {
  if (!past.state.content) throw new Error(`no form of the order was known at version ${String(past.version)}`);
  const flags = flagEvents(now.flags, past.state.flags);
  const restore = { type: ORDER_RESTORED, payload: { plan_id: origin.planId, as_of: origin.asOf.toISOString(), version: past.version } };
  const changed = stateChanges(now, past.state).map(({ path }) => path);
  const topics = ['order.restored', 'order.updated', ...(flags.length > 0 ? flagsAnnouncement(STOCK_SET).topics : [])];
  return { events: [restore, ...flags].map((event) => serviceEvent(event, origin)), announce: { topics, changed: boundedPaths(changed) } };
}

function serviceEvent({ type, payload }: FlagEvent, { planId, actor, at }: RestoreOrigin): NewEvent {
  return {
    type,
    payload,
    source: 'service',
    dedupKey: `restore:${planId}:${type}`,
    occurredAt: at,
    observedAt: at,
    actor,
    causationId: `restore-plan:${planId}`,
  };
}
