import { tooManyRequests } from '../../http/error-replies.js';
import type { Reply } from '../../http/reply.js';
import type { TransportFault } from './transport-fault.js';

const ODD_HEADERS = ['Wed, 21 Oct 2015 07:28:00 GMT', '1000000000', 'soon', '-5', '1.5', ''];

function withRetryAfter(value: string | null): Reply {
  const answer = tooManyRequests();
  return value === null ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': value } };
}

/** A date some seconds ahead, as HTTP writes dates. */
function soon(): string {
  return new Date(Date.now() + 2_000).toUTCString();
}

/** 429 with and without Retry-After, in seconds, as a date, and as nonsense. */
export const throttling: TransportFault = {
  before: ({ route, turn }, plan) => {
    if (plan.strikes('429', route, turn)) {
      const argument = plan.argument('429');
      if (argument !== null) return withRetryAfter(argument === 'none' ? null : argument);
      return withRetryAfter(plan.choose([null, null, '1', '2', soon()], '429', route, turn));
    }
    if (!plan.strikes('429odd', route, turn)) return null;
    return withRetryAfter(plan.choose([soon(), ...ODD_HEADERS], '429odd', route, turn));
  },
};
