import { Random } from '../../random.js';
import { HOUR_MS } from '../../shop/instants.js';
import type { EventDraft, WritingContext } from '../../shop/journal-event.js';
import type { FaultPlan } from '../fault-plan.js';

/** Same content, new id: milliseconds apart mostly, sometimes 8 hours (allegro-api#10716, #4870). */
export function duplicate(drafts: EventDraft[], plan: FaultPlan, context: WritingContext): EventDraft[] {
  return drafts.flatMap((draft) => {
    const key = [draft.order.key, draft.position] as const;
    if (!plan.strikes('duplicate', ...key)) return [draft];
    const random = new Random('duplicate', ...key);
    const afterMs = random.chance(0.2) && context.history ? random.integer(HOUR_MS, 8 * HOUR_MS) : random.integer(1, 400);
    return [draft, { ...draft, writtenAtMs: draft.writtenAtMs + afterMs }];
  });
}
