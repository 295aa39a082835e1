import { Random } from '../../random.js';
import type { EventDraft, WritingContext } from '../../shop/journal-event.js';
import type { FaultPlan } from '../fault-plan.js';

/**
 * `late`: the event is written long after it occurred, with a newer id (allegro-api#3090). What the history had late
 * is written after the start, so that a first sync misses it.
 * `behind`: it has its ordinary id but shows itself later, below ids already read.
 */
export function late(drafts: EventDraft[], plan: FaultPlan, context: WritingContext): EventDraft[] {
  for (const draft of drafts) {
    const key = [draft.order.key, draft.position] as const;
    const fromMs = Math.max(draft.writtenAtMs, context.startedAtMs);
    if (plan.strikes('late', ...key)) draft.writtenAtMs = fromMs + delayMs(plan.amount('late', 60_000), key);
    else if (plan.strikes('behind', ...key)) draft.hiddenForMs = fromMs + delayMs(plan.amount('behind', 60_000), key) - draft.writtenAtMs;
  }
  return drafts;
}

function delayMs(longestMs: number, key: readonly (string | number)[]): number {
  return new Random('late', ...key).integer(Math.ceil(longestMs / 2), longestMs);
}
