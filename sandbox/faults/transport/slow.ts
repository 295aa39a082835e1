import type { TransportFault } from './transport-fault.js';

export const slow: TransportFault = {
  after: (answer, { route, turn }, plan) => {
    if (!plan.strikes('slow', route, turn)) return answer;
    return { ...answer, delayMs: answer.delayMs + plan.amount('slow', 2_000) };
  },
};
