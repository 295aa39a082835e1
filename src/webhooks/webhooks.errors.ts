import { Problem } from '../core/problem.js';

export function webhookNotFound(): Problem {
  return new Problem('WEBHOOK_NOT_FOUND', { status: 404, detail: 'There is no such webhook.' });
}

export function deliveryNotFound(): Problem {
  return new Problem('WEBHOOK_DELIVERY_NOT_FOUND', { status: 404, detail: 'This webhook has no such delivery.' });
}

/** @param flaw how the sentence about the address goes on */
export function addressRefused(flaw: string): Problem {
  return new Problem('WEBHOOK_ADDRESS_REFUSED', { status: 400, detail: `The address of a webhook ${flaw}.` });
}

export function tooManyWebhooks(most: number): Problem {
  return new Problem('WEBHOOK_LIMIT_REACHED', { status: 409, detail: `A tenant has at most ${String(most)} webhooks; delete one first.` });
}

export function webhookDisabled(): Problem {
  return new Problem('WEBHOOK_DISABLED', { status: 409, detail: 'The webhook is switched off; switch it on first.' });
}

export function secretsOverlap(): Problem {
  const detail = 'Four earlier secrets of this webhook still sign. Wait for one to end, or exchange with overlap_hours 0, which ends them all.';
  return new Problem('WEBHOOK_SECRETS_OVERLAP', { status: 409, detail });
}

export function replayRunning(): Problem {
  return new Problem('WEBHOOK_REPLAY_RUNNING', { status: 409, retry: 'later', detail: 'A replay of this webhook is under way; wait for its end.' });
}
