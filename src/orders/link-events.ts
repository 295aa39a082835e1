import type { NewEvent } from '../platform/event-log/events.js';
import { flagsVersion, type FlagsState, INVOICE_SET, STOCK_SET, UNSET_FLAGS } from '../technical-flags/flags.events.js';
import { type CarriedFlags, carriedFlags, MERGED_FROM, MERGED_INTO } from './merged-purchases.js';

export interface LinkFacts {
  readonly successor: string;
  readonly parents: readonly string[];
  /** The flags of each order before the link. */
  readonly flags: ReadonlyMap<string, FlagsState>;
  readonly at: Date;
  readonly causationId: string;
}

export interface LinkPlan {
  /** What is appended to each order's stream. */
  readonly events: ReadonlyMap<string, readonly NewEvent[]>;
  readonly attention: boolean;
}

type EventParts = Pick<NewEvent, 'type' | 'dedupKey' | 'payload'>;

function carriedEvents(carried: CarriedFlags, key: string): EventParts[] {
  const events: EventParts[] = [];
  if (carried.isStockUpdated) events.push({ type: STOCK_SET, dedupKey: `merge:flags:stock:${key}`, payload: { is_stock_updated: true } });
  if (carried.hasInvoiceCreated) {
    events.push({ type: INVOICE_SET, dedupKey: `merge:flags:invoice:${key}`, payload: { has_invoice_created: true, invoice_id: carried.invoiceId } });
  }
  return events;
}

/** The successor's own flags count as one opinion more once somebody has written them. */
function opinions({ successor, parents, flags }: LinkFacts): FlagsState[] {
  const own = flags.get(successor) ?? UNSET_FLAGS;
  const stated = parents.map((parent) => flags.get(parent) ?? UNSET_FLAGS);
  return flagsVersion(own) > 0 ? [...stated, own] : stated;
}

/** The events that link parents to their successor; the invoice id leaves a parent in the transaction that gives it to the successor. */
export function planLink(facts: LinkFacts): LinkPlan {
  const { successor, parents, at, causationId } = facts;
  const carried = carriedFlags(opinions(facts));
  const whole = (event: EventParts): NewEvent => ({ ...event, source: 'service', occurredAt: at, observedAt: at, actor: 'sync', causationId });
  const events = new Map<string, NewEvent[]>();
  for (const parent of parents) {
    const givesAway = carried.invoiceId !== null && facts.flags.get(parent)?.invoiceId === carried.invoiceId;
    const into: EventParts = { type: MERGED_INTO, dedupKey: `merge:into:${successor}`, payload: { order_id: successor } };
    const left: EventParts = { type: INVOICE_SET, dedupKey: `merge:flags:left:${successor}`, payload: { has_invoice_created: true, invoice_id: null } };
    events.set(parent, (givesAway ? [into, left] : [into]).map(whole));
  }
  const from = parents.map((parent): EventParts => ({
    type: MERGED_FROM,
    dedupKey: `merge:from:${parent}`,
    payload: { order_id: parent, attention: carried.attention },
  }));
  events.set(successor, [...from, ...carriedEvents(carried, parents.join('+'))].map(whole));
  return { events, attention: carried.attention };
}
