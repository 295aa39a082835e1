import { html, type Reply } from '../../http/reply.js';
import type { TransportFault } from './transport-fault.js';

const OUTAGE_PAGE = '<html><body><h1>Przerwa techniczna</h1></body></html>';

/** Faults of the token endpoint; those of `before` leave the tokens as they are. */
export const tokenEndpoint: TransportFault = {
  before: ({ route, turn }, plan) => {
    if (plan.strikes('token5xx', route, turn)) return html(plan.choose([500, 502, 503, 504], 'token5xx', route, turn), OUTAGE_PAGE);
    if (plan.strikes('tokenhtml', route, turn)) return html(plan.choose([200, 403], 'tokenhtml', route, turn), OUTAGE_PAGE);
    return null;
  },
  after: (answer, { route, turn, body }, plan) => {
    const refreshed = answer.status === 200 && new URLSearchParams(body).get('grant_type') === 'refresh_token';
    if (refreshed && plan.strikes('lost-refresh', route, turn)) return { ...answer, manner: 'reset' };
    if (!plan.strikes('tokenslow', route, turn)) return answer;
    return delayed(answer, plan.amount('tokenslow', 3_000));
  },
};

function delayed(answer: Reply, delayMs: number): Reply {
  return { ...answer, delayMs: answer.delayMs + delayMs };
}
