import type { QuarantineItem } from '../data-protection/quarantine.read-model.js';
import { fact, type Fact } from './fact.js';

/** A reading that was held: that it was, why, and what became of it. */
function itemFacts(item: QuarantineItem): Fact[] {
  const { id, kind, reasons, timesSeen, lastSeenAt, firstSeenAt, traceId, heldVersion } = item;
  const when = { at: firstSeenAt };
  const seen = { item_id: id, times_seen: timesSeen, last_seen_at: lastSeenAt, trace_id: traceId, held_version: heldVersion };
  const why = reasons.map(({ code, detail }) => fact(`held_${code}`, { detail }, when));
  return [fact(`${kind}_held`, seen, when), ...why, ...decision(item)];
}

function decision({ id, status, decidedAt, decidedBy, lastSeenAt }: QuarantineItem): Fact[] {
  if (status === 'held') return [];
  return [fact(`held_item_${status}`, { item_id: id, actor: decidedBy }, { at: decidedAt ?? lastSeenAt })];
}

/** What was held of an order and why. */
export function heldFacts(items: readonly QuarantineItem[]): Fact[] {
  return items.flatMap(itemFacts);
}
