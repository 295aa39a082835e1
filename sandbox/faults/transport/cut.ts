import type { Reply } from '../../http/reply.js';
import type { TransportFault } from './transport-fault.js';

/** The whole transport of half a document: only the JSON shows that something is missing. */
function truncated(answer: Reply): Reply {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
}

export const cut: TransportFault = {
  after: (answer, { route, turn }, plan) => {
    if (!plan.strikes('cut', route, turn)) return answer;
    const manner = plan.choose(['reset', 'cut', 'short', 'truncated'] as const, 'cut', route, turn);
    return manner === 'truncated' ? truncated(answer) : { ...answer, manner };
  },
};
