import { hashOf } from '../../random.js';
import type { EventDraft } from '../../shop/journal-event.js';
import type { FaultPlan } from '../fault-plan.js';

/** Orders the journal never mentions, or mentions once and then forgets (allegro-api#3090, #4400, #8498). */
export function hidden(drafts: EventDraft[], plan: FaultPlan): EventDraft[] {
  for (const draft of drafts) {
    const { order, position } = draft;
    const whole = hashOf(order.key, 'hidden whole') % 2 === 0;
    const quirky = order.kind.quirks?.includes('bought-missing') === true && draft.type === 'BOUGHT';
    const struck = plan.rate('hidden') > 0 && (whole || position > 0) && plan.strikes('hidden', order.key);
    if (quirky || struck) draft.hiddenForMs = Number.POSITIVE_INFINITY;
  }
  return drafts;
}
