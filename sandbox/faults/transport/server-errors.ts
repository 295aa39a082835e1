import { serverError } from '../../http/error-replies.js';
import { html, reply, type Reply } from '../../http/reply.js';
import type { TransportFault } from './transport-fault.js';

function gatewayPage(status: number): Reply {
  return html(status, `<html><head><title>${String(status)}</title></head><body><h1>upstream unavailable</h1></body></html>`);
}

/** 500 to 504, sometimes as JSON, sometimes as a gateway's page. */
export const serverErrors: TransportFault = {
  before: ({ route, turn }, plan) => {
    if (!plan.strikes('5xx', route, turn)) return null;
    const status = plan.amount('5xx', plan.choose([500, 502, 503, 504], '5xx', route, turn));
    return plan.choose([true, false], '5xx page', route, turn) ? gatewayPage(status) : serverError(status);
  },
};

/** Statuses nobody asked for. */
export const oddStatuses: TransportFault = {
  before: ({ route, turn }, plan) => {
    if (!plan.strikes('oddstatus', route, turn)) return null;
    const status = plan.choose([204, 206, 302, 304, 418], 'oddstatus', route, turn);
    const answer = reply(status, 'application/json', status === 206 ? '{"events":[' : '');
    return status === 302 ? { ...answer, headers: { ...answer.headers, location: 'http://127.0.0.1:9/login' } } : answer;
  },
};
