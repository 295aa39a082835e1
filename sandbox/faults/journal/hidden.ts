import { hashOf } from '../../random.js';
import type { EventDraft } from '../../shop/journal-event.js';
import type { FaultPlan } from '../fault-plan.js';

/** Half of the struck orders are hidden whole, the others after their first event. */
function struck(draft: EventDraft, plan: FaultPlan): boolean {
  if (plan.rate('hidden') === 0) return false;
  const whole = hashOf(draft.order.key, 'hidden whole') % 2 === 0;
  return (whole || draft.position > 0) && plan.strikes('hidden', draft.order.key);
}

/** Orders the journal never mentions, or mentions once and then forgets (allegro-api#3090, #4400, #8498). */
export function hidden(drafts: EventDraft[], plan: FaultPlan): EventDraft[] {
  for (const draft of drafts) {
    const boughtMissing = draft.type === 'BOUGHT' && draft.order.kind.quirks?.includes('bought-missing') === true;
    if (boughtMissing || struck(draft, plan)) draft.hiddenForMs = Number.POSITIVE_INFINITY;
  }
  return drafts;
}
