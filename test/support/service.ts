import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { EffectSeam } from '../../src/platform/effects/effect-seam.js';
import { configureApp } from '../../src/platform/http/configure-app.js';
import { createFastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { bearer, tokenOf } from './access-tokens.js';
import { eventually } from './eventually.js';
import { freshPair, type TokenWorld } from './token-app.js';

export type Json = Readonly<Record<string, unknown>>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who asks, and with what. */
export interface Call {
  readonly tenant?: string;
  readonly roles?: readonly ('seller' | 'operator' | 'support')[];
  readonly body?: unknown;
}

export interface Answer<T = Json> {
  readonly status: number;
  readonly body: T;
}

export interface ServiceOptions {
  readonly role?: 'api' | 'worker' | 'scheduler' | 'all';
  readonly effects?: EffectSeam;
  readonly env?: Readonly<Record<string, string>>;
  /** How long a handler may take that says nothing else; as the service runs without. */
  readonly handlerTimeoutMs?: number;
  /** Told of every route as it is registered. */
  readonly onRoute?: (route: { readonly method: string | string[]; readonly url: string; readonly handlerTimeout?: number }) => void;
}

/** The whole service in this process, as `main.ts` starts it; role `api` runs nothing in the background. */
export class Service {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly world: TokenWorld,
  ) {}

  static async start(world: TokenWorld, options: ServiceOptions = {}): Promise<Service> {
    const configuration = parseConfiguration({ ...world.environment, ROLE: options.role ?? 'api', ...options.env });
    const builder = Test.createTestingModule({ imports: [AppModule.for(configuration)] });
    if (options.effects) builder.overrideProvider(EffectSeam).useValue(options.effects);
    const module = await builder.compile();
    const adapter = createFastifyAdapter(configuration, options.handlerTimeoutMs);
    if (options.onRoute) adapter.getInstance().addHook('onRoute', options.onRoute);
    const app = module.createNestApplication<NestFastifyApplication>(adapter, { bodyParser: false });
    configureApp(app, configuration);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new Service(app, world);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  /** Any call of the interface, as a seller of `tenant`. */
  async call(method: Method, path: string, body?: Json, tenant = 'tenant-a'): Promise<Answer> {
    return this.request(method, path, { tenant, body });
  }

  /** Any call of the interface, as whoever asks. */
  async request<T = Json>(method: Method, path: string, { tenant = 'tenant-a', roles, body }: Call = {}): Promise<Answer<T>> {
    const headers = { ...bearer(tokenOf(tenant, roles ? { roles } : {})), 'content-type': 'application/json' };
    const url = `/api/v1${path}`;
    const answer = await this.app.inject(body === undefined ? { method, url, headers } : { method, url, headers, payload: JSON.stringify(body) });
    return { status: answer.statusCode, body: answer.json<T>() };
  }

  /** Connects a seller with a pair the sandbox has just given. */
  async connect(accountName = 'shop', seller?: string, tenant = 'tenant-a'): Promise<{ tokenId: string; accountId: string }> {
    const tokenId = await this.import(accountName, seller ?? this.world.sandbox.sellers()[0]?.id ?? '', tenant);
    const { rows } = await this.world.owner.query<{ account_id: string }>('select account_id from tokens where id = $1', [tokenId]);
    return { tokenId, accountId: rows[0]?.account_id ?? '' };
  }

  /** Hands in a pair the sandbox has just given for this seller, without the device flow. @returns the token's id */
  async import(accountName: string, seller: string, tenant = 'tenant-a'): Promise<string> {
    const { status, body } = await this.call('POST', '/tokens', { account_name: accountName, ...(await freshPair(this.world, seller)) }, tenant);
    if (status !== 200) throw new Error(`the pair was refused: ${JSON.stringify(body)}`);
    return String(body['id']);
  }

  /** Links a seller by device code as a person would; needs a process of role `all` somewhere. @returns the task's end */
  async link(accountName: string, seller: string, tenant = 'tenant-a'): Promise<Json> {
    const { status, body } = await this.call('POST', '/tokens/auth/initialize', { account_name: accountName }, tenant);
    if (status !== 200) throw new Error(`linking did not begin: ${JSON.stringify(body)}`);
    this.world.sandbox.approve(String(body['user_code']), seller);
    return this.linkEnd(String(body['task_id']), tenant);
  }

  async linkEnd(taskId: string, tenant = 'tenant-a'): Promise<Json> {
    return eventually('the link ends', async () => {
      const { body } = await this.call('GET', `/tokens/auth/task/${taskId}`, undefined, tenant);
      return body['status'] === 'PENDING' || body['status'] === 'STARTED' ? null : body;
    });
  }
}
