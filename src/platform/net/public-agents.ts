import type { LookupAddress } from 'node:dns';
import { BlockList, isIPv6, type LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** What the filter takes for public and is not: the old spelling of IPv4 inside IPv6, and Azure's metadata beside the link-local one. */
const ALSO_REFUSED = new BlockList();
ALSO_REFUSED.addSubnet('::', 96, 'ipv6');
ALSO_REFUSED.addAddress('168.63.129.16', 'ipv4');

const LOOPBACK = ['127.0.0.1', '::1'];
const REFUSED = 'EADDRESSREFUSED';
/** The filter names its refusals in words alone; the words hold the address, so they go no further than here. */
const REFUSAL = /is not allowed\. Because,? It is/;

export interface PublicAgents {
  readonly http: RequestFilteringHttpAgent;
  readonly https: RequestFilteringHttpsAgent;
}

/**
 * Agents that reach public addresses only, whatever a name resolves to: the address is judged when the connection is made, and every
 * request makes its own, because a kept one would have been judged in the past.
 * @param allowLoopback for a demonstration on one machine
 */
export function publicAgents(allowLoopback: boolean): PublicAgents {
  const options = { keepAlive: false, allowIPAddressList: allowLoopback ? LOOPBACK : [] };
  return { http: new RequestFilteringHttpAgent(options), https: new RequestFilteringHttpsAgent(options) };
}

const addressesOf = (found: string | readonly LookupAddress[]): string[] => (typeof found === 'string' ? [found] : found.map(({ address }) => address));

/** A lookup for these agents: refuses a name when any of its addresses is one the filter lets through and should not. */
export function publicLookup(lookup: LookupFunction, allowLoopback: boolean): LookupFunction {
  const isRefused = (address: string) => ALSO_REFUSED.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') && !(allowLoopback && LOOPBACK.includes(address));
  return (name, options, done) => {
    lookup(name, options, (error, found, family) => {
      // Without an address there is an error, whatever the types say.
      if (error === null && addressesOf(found).some(isRefused)) done(Object.assign(new Error('not a public address'), { code: REFUSED }), '');
      else done(error, found, family);
    });
  };
}

/** Whether a request failed because its address is not public. */
export function isRefusedAddress(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return REFUSAL.test(error.message) || ('code' in error && error.code === REFUSED) || isRefusedAddress(error.cause);
}
