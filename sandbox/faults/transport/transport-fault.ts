import type { Exchange } from '../../http/exchange.js';
import type { Reply } from '../../http/reply.js';
import type { FaultPlan } from '../fault-plan.js';

/** One family of faults on the wire. `before` answers in Allegro's place, `after` spoils an answer. */
export interface TransportFault {
  readonly before?: (exchange: Exchange, plan: FaultPlan) => Reply | null;
  readonly after?: (answer: Reply, exchange: Exchange, plan: FaultPlan) => Reply;
}
