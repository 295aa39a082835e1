import { Problem } from '../core/problem.js';

export function syncPaused(): Problem {
  return new Problem('SYNC_PAUSED', {
    status: 409,
    detail: 'What Allegro answered was too bad to be recorded: the forms of this account wait until an operator has looked at the quarantine.',
  });
}

export function syncNotPaused(): Problem {
  return new Problem('SYNC_NOT_PAUSED', { status: 409, detail: 'The sync of this account is not paused.' });
}

/** @param reasons codes of why, e.g. `line_items_lost` */
export function formHeld(reasons: readonly string[]): Problem {
  return new Problem('FORM_HELD', {
    status: 409,
    detail: `Allegro's answer would have destroyed something (${reasons.join(', ')}); it waits in quarantine and the order is as it was.`,
    extra: { reasons: [...reasons] },
  });
}
