import { Random } from '../../random.js';
import { MINUTE_MS } from '../../shop/instants.js';
import type { EventDraft, WritingContext } from '../../shop/journal-event.js';
import type { FaultPlan } from '../fault-plan.js';

/** Holds an event back a little, so that later ones get lower ids (allegro-api#2700). In the present never for longer than a blink. */
const HISTORY_HOLD_MS = 40 * MINUTE_MS;
const PRESENT_HOLD_MS = 800;

export function shuffle(drafts: EventDraft[], plan: FaultPlan, context: WritingContext): EventDraft[] {
  for (const draft of drafts) {
    const key = [draft.order.key, draft.position] as const;
    if (!plan.strikes('shuffle', ...key)) continue;
    const longestMs = context.history ? Math.min(HISTORY_HOLD_MS, context.startedAtMs - draft.writtenAtMs) : PRESENT_HOLD_MS;
    draft.writtenAtMs += new Random('shuffle', ...key).integer(0, Math.max(0, longestMs));
  }
  return drafts;
}
