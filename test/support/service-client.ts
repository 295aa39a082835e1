import { bearer, tokenOf } from './access-tokens.js';
import type { Json } from './service.js';
import { freshPair, type TokenWorld } from './token-app.js';

export interface ClientAnswer {
  readonly status: number;
  readonly body: Json;
}

/** A seller of a tenant who talks to a process of the service over HTTP. */
export class ServiceClient {
  constructor(
    private readonly baseUrl: string,
    private readonly tenant = 'tenant-a',
  ) {}

  async call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: Json): Promise<ClientAnswer> {
    const headers = { ...bearer(tokenOf(this.tenant)), 'content-type': 'application/json' };
    const response = await fetch(`${this.baseUrl}/api/v1${path}`, body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Json };
  }

  /** Connects the sandbox's first seller. @returns the token's id */
  async connect(world: TokenWorld): Promise<string> {
    const pair = await freshPair(world, world.sandbox.sellers()[0]?.id ?? '');
    const { status, body } = await this.call('POST', '/tokens', { account_name: 'shop', ...pair });
    if (status !== 200) throw new Error(`the seller was not connected: ${JSON.stringify(body)}`);
    return String(body['id']);
  }

  /** @returns the task's id */
  async startSync(tokenId: string, full: boolean): Promise<string> {
    const { status, body } = await this.call('POST', '/sync/start', { token_id: tokenId, force_full_sync: full });
    if (status !== 200) throw new Error(`the sync was not started: ${JSON.stringify(body)}`);
    return String(body['task_id']);
  }

  async taskStatus(taskId: string): Promise<unknown> {
    return (await this.call('GET', `/sync/tasks/${taskId}`)).body['status'];
  }
}
