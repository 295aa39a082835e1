import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { configureApp } from '../../src/platform/http/configure-app.js';
import { createFastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { bearer, tokenOf } from './access-tokens.js';
import { freshPair, type Json, type Role, type TokenWorld } from './token-app.js';

export interface SyncCall {
  readonly tenant?: string;
  readonly roles?: readonly Role[];
  readonly body?: unknown;
}

export interface SyncAnswer<T> {
  readonly status: number;
  readonly body: T;
}

/** One whole process of the service in front of the sandbox; role `api` answers and runs nothing. */
export class SyncApp {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly world: TokenWorld,
  ) {}

  static async start(world: TokenWorld, role: 'api' | 'all' = 'api'): Promise<SyncApp> {
    const configuration = parseConfiguration({ ...world.environment, ROLE: role });
    const app = await NestFactory.create<NestFastifyApplication>(AppModule.for(configuration), createFastifyAdapter(configuration), {
      bodyParser: false,
      abortOnError: false,
      logger: false,
    });
    configureApp(app, configuration);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new SyncApp(app, world);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  async call<T = Json>(method: 'GET' | 'POST' | 'DELETE', path: string, call: SyncCall = {}): Promise<SyncAnswer<T>> {
    const headers = { ...bearer(tokenOf(call.tenant ?? 'tenant-a', call.roles ? { roles: call.roles } : {})), 'content-type': 'application/json' };
    const url = `/api/v1${path}`;
    const answer = await this.app.inject(call.body === undefined ? { method, url, headers } : { method, url, headers, payload: JSON.stringify(call.body) });
    return { status: answer.statusCode, body: answer.json<T>() };
  }

  /** A token of this seller in a tenant of its own. @returns its id */
  async token(tenant: string, seller: string, name = 'shop'): Promise<string> {
    const { status, body } = await this.call('POST', '/tokens', { tenant, body: { account_name: name, ...(await freshPair(this.world, seller)) } });
    if (status !== 200) throw new Error(`the pair was refused: ${JSON.stringify(body)}`);
    return String(body['id']);
  }
}
