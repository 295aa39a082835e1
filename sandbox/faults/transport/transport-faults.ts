import type { Exchange } from '../../http/exchange.js';
import type { Reply } from '../../http/reply.js';
import type { FaultPlan } from '../fault-plan.js';
import { cut } from './cut.js';
import { oversize } from './oversize.js';
import { oddStatuses, serverErrors } from './server-errors.js';
import { slow } from './slow.js';
import { throttling } from './throttling.js';
import { tokenEndpoint } from './token-endpoint.js';
import type { TransportFault } from './transport-fault.js';
import { wrongBodies } from './wrong-bodies.js';

const OF_THE_API: readonly TransportFault[] = [throttling, serverErrors, oddStatuses, wrongBodies, oversize, cut, slow];
const OF_TOKENS: readonly TransportFault[] = [tokenEndpoint];
const NONE: readonly TransportFault[] = [];

const TOKEN_ROUTE = 'POST /auth/oauth/token';

/** Which faults can meet a request: device codes, pages and the control API are spared. */
export function faultsFor(exchange: Exchange, access: string): readonly TransportFault[] {
  if (access === 'seller') return OF_THE_API;
  return exchange.route === TOKEN_ROUTE ? OF_TOKENS : NONE;
}

/** The first fault that answers in Allegro's place, if any. */
export function answerInstead(faults: readonly TransportFault[], exchange: Exchange, plan: FaultPlan): Reply | null {
  for (const fault of faults) {
    const answer = fault.before?.(exchange, plan);
    if (answer) return answer;
  }
  return null;
}

/** What is left of an answer after all faults. */
export function spoil(faults: readonly TransportFault[], answer: Reply, exchange: Exchange, plan: FaultPlan): Reply {
  return faults.reduce((spoiled, fault) => fault.after?.(spoiled, exchange, plan) ?? spoiled, answer);
}
