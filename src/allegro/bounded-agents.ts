import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import type { TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { PublicHttpsAgent } from '../platform/net/public-agents.js';
import type { TransportLimits } from './transport-limits.js';

export interface BoundedAgents {
  readonly http: HttpAgent;
  readonly https: PublicHttpsAgent;
}

type Connected = (error: Error | null, stream: Duplex) => void;

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

/** A name of Allegro's that resolves into our own network is a poisoned answer. Only https: plain http is the sandbox on this machine. */
class BoundedHttpsAgent extends PublicHttpsAgent {
  constructor(
    options: AgentOptions,
    private readonly connectMs: number,
    allowed: readonly string[],
  ) {
    super(options, allowed);
  }

  override createConnection(options: TcpNetConnectOpts, connected?: Connected): Duplex {
    const stream = super.createConnection(options, connected);
    limitConnect(stream, 'secureConnect', this.connectMs);
    return stream;
  }
}

/**
 * Keep-alive agents with bounded sockets and a limit on connecting, TLS included.
 * @param allowed addresses that https reaches although they are not public
 */
export function boundedAgents(limits: Pick<TransportLimits, 'connections' | 'connectMs'>, allowed: readonly string[] = []): BoundedAgents {
  const options: AgentOptions = {
    keepAlive: true,
    maxSockets: limits.connections,
    maxFreeSockets: Math.ceil(limits.connections / 4),
    timeout: IDLE_SOCKET_MS,
    scheduling: 'lifo',
  };
  return { http: new BoundedHttpAgent(options, limits.connectMs), https: new BoundedHttpsAgent(options, limits.connectMs, allowed) };
}
