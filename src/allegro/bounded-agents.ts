import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { isPublicAddress } from './public-address.js';
import type { TransportLimits } from './transport-limits.js';

export interface BoundedAgents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

type Connected = (error: Error | null, stream: Duplex) => void;
type LookedUp = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Idle connections are closed before Allegro's edge does it (60 s is common), or the next request would meet a reset. */
const IDLE_SOCKET_MS = 15_000;

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

function limitConnect(stream: Duplex | null | undefined, event: 'connect' | 'secureConnect', connectMs: number): void {
  if (!stream) return;
  const timer = setTimeout(() => stream.destroy(failure('ECONNECTTIMEOUT', 'no connection in time')), connectMs);
  const stop = (): void => clearTimeout(timer);
  stream.once(event, stop).once('close', stop);
}

/** Refuses a name that resolves to an address which cannot be Allegro's. Only for https: plain http is the sandbox on this machine. */
export function lookupPublic(hostname: string, options: LookupOptions, done: LookedUp): void {
  lookup(hostname, options, (error, address, family) => {
    // Without an address there is an error, whatever the types say.
    const entries: (string | LookupAddress)[] = error === null ? [address].flat() : [];
    const addresses = entries.map((entry) => (typeof entry === 'string' ? entry : entry.address));
    if (error === null && !addresses.every(isPublicAddress)) {
      done(failure('EPRIVATEADDRESS', 'the name resolves to a private address'), '');
    } else {
      done(error, address, family);
    }
  });
}

class BoundedHttpAgent extends HttpAgent {
  constructor(
    options: AgentOptions,
    private readonly connectMs: number,
  ) {
    super(options);
  }

  override createConnection(options: ClientRequestArgs, connected?: Connected): Duplex | null | undefined {
    const stream = super.createConnection(options, connected);
    limitConnect(stream, 'connect', this.connectMs);
    return stream;
  }
}

class BoundedHttpsAgent extends HttpsAgent {
  constructor(
    options: AgentOptions,
    private readonly connectMs: number,
  ) {
    super(options);
  }

  override createConnection(options: RequestOptions, connected?: Connected): Duplex | null | undefined {
    const stream = super.createConnection({ ...options, lookup: lookupPublic }, connected);
    limitConnect(stream, 'secureConnect', this.connectMs);
    return stream;
  }
}

/** Keep-alive agents with bounded sockets and a limit on connecting, TLS included. */
export function boundedAgents(limits: Pick<TransportLimits, 'connections' | 'connectMs'>): BoundedAgents {
  const options: AgentOptions = {
    keepAlive: true,
    maxSockets: limits.connections,
    maxFreeSockets: Math.ceil(limits.connections / 4),
    timeout: IDLE_SOCKET_MS,
    scheduling: 'lifo',
  };
  return { http: new BoundedHttpAgent(options, limits.connectMs), https: new BoundedHttpsAgent(options, limits.connectMs) };
}
