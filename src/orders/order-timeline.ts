import type { JsonObject } from '../core/json.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { type DocumentChange, documentChanges } from './document-changes.js';
import type { KeptValue } from './merge-order.js';
import { JOURNAL_RECEIVED } from './order.events.js';
import { contentDocument, type OrderState, UNKNOWN_ORDER } from './order.js';
import { foldHistory } from './replay-order.js';

/** One event of an order, and what it changed of what we knew. */
export interface TimelineEntry {
  readonly event: RecordedEvent;
  /** Allegro's own id and type, of a journal event. */
  readonly allegroEvent: { readonly id: string | null; readonly type: string | null } | null;
  readonly changes: readonly DocumentChange[];
  /** What the document holds after the event that its freshest form does not. */
  readonly kept: readonly KeptValue[];
}

interface Shown {
  readonly document: JsonObject;
  readonly kept: readonly KeptValue[];
}

const NOTHING: Shown = { document: {}, kept: [] };

/** What people see of an order's state. */
export function shownOf({ content, flags }: OrderState): Shown {
  const { document, kept } = content ? contentDocument(content) : NOTHING;
  const technicalFlags = { is_stock_updated: flags.isStockUpdated, has_invoice_created: flags.hasInvoiceCreated, invoice_id: flags.invoiceId };
  return { document: { ...document, technical_flags: technicalFlags }, kept };
}

function allegroEventOf({ type, payload }: RecordedEvent): TimelineEntry['allegroEvent'] {
  if (type !== JOURNAL_RECEIVED) return null;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return { id: text(payload['id']), type: text(payload['type']) };
}

/** Every event of a stream in version order with the places it changed; events that change nothing are told too. */
export function orderTimeline(events: readonly RecordedEvent[]): TimelineEntry[] {
  const states = foldHistory(events);
  let state = UNKNOWN_ORDER;
  let shown = shownOf(state);
  return events.map((event, index) => {
    const after = states[index] ?? state;
    const now = after === state ? shown : shownOf(after);
    const changes = now === shown ? [] : documentChanges(shown.document, now.document);
    state = after;
    shown = now;
    return { event, allegroEvent: allegroEventOf(event), changes, kept: now.kept };
  });
}
