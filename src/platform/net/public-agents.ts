import { lookup, type LookupAddress } from 'node:dns';
import type { AgentOptions } from 'node:https';
import { BlockList, isIPv6, type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** What the filter takes for public and is not: the old spelling of IPv4 inside IPv6, and Azure's metadata beside the link-local one. */
const ALSO_REFUSED = new BlockList();
ALSO_REFUSED.addSubnet('::', 96, 'ipv6');
ALSO_REFUSED.addAddress('168.63.129.16', 'ipv4');

const LOOPBACK = ['127.0.0.1', '::1'];
const REFUSED = 'EADDRESSREFUSED';
/** The filter names its refusals in words alone; the words hold the address, so they go no further than here. */
const REFUSAL = /is not allowed\. Because,? It is/;

const addressesOf = (found: string | readonly LookupAddress[]): string[] => (typeof found === 'string' ? [found] : found.map(({ address }) => address));

/** Refuses a name when any of its addresses is one the filter lets through and should not. */
function judged(look: LookupFunction, allowed: readonly string[]): LookupFunction {
  const isRefused = (address: string) => !allowed.includes(address) && ALSO_REFUSED.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return (name, options, done) => {
    look(name, options, (error, found, family) => {
      // Without an address there is an error, whatever the types say.
      if (error === null && addressesOf(found).some(isRefused)) done(Object.assign(new Error('not a public address'), { code: REFUSED }), '');
      else done(error, found, family);
    });
  };
}

/**
 * Reaches public addresses only, whatever a name resolves to: the address is judged when the connection is made.
 * @param allowed addresses that are reached all the same
 */
export class PublicHttpsAgent extends RequestFilteringHttpsAgent {
  constructor(
    options: AgentOptions,
    private readonly allowed: readonly string[] = [],
  ) {
    super({ ...options, allowIPAddressList: [...allowed] });
  }

  override createConnection(options: TcpNetConnectOpts, connected?: (error: Error | null, stream: Duplex) => void): Duplex {
    return super.createConnection({ ...options, lookup: judged(options.lookup ?? lookup, this.allowed) }, connected);
  }
}

export interface PublicAgents {
  readonly http: RequestFilteringHttpAgent;
  readonly https: PublicHttpsAgent;
}

/**
 * Agents that reach public addresses only, whatever a name resolves to: the address is judged when the connection is made, and every
 * request makes its own, because a kept one would have been judged in the past.
 * @param allowLoopback for a demonstration on one machine
 */
export function publicAgents(allowLoopback: boolean): PublicAgents {
  const allowed = allowLoopback ? LOOPBACK : [];
  return { http: new RequestFilteringHttpAgent({ keepAlive: false, allowIPAddressList: allowed }), https: new PublicHttpsAgent({ keepAlive: false }, allowed) };
}

/** Whether a request failed because its address is not public. */
export function isRefusedAddress(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return REFUSAL.test(error.message) || ('code' in error && error.code === REFUSED) || isRefusedAddress(error.cause);
}
