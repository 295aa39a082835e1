import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { EffectSeam } from '../../src/platform/effects/effect-seam.js';
import { configureApp } from '../../src/platform/http/configure-app.js';
import { createFastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { tokenOf } from './access-tokens.js';
import { freshPair, type TokenWorld } from './token-app.js';

export type Json = Readonly<Record<string, unknown>>;

export interface ServiceOptions {
  readonly role?: 'api' | 'worker' | 'scheduler' | 'all';
  readonly effects?: EffectSeam;
  readonly env?: Readonly<Record<string, string>>;
  /** Told of every route as it is registered. */
  readonly onRoute?: (route: { readonly method: string | string[]; readonly url: string }) => void;
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
    const adapter = createFastifyAdapter(configuration);
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
  async call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: Json, tenant = 'tenant-a'): Promise<{ status: number; body: Json }> {
    const headers = { authorization: `Bearer ${tokenOf(tenant)}`, 'content-type': 'application/json' };
    const url = `/api/v1${path}`;
    const answer = await this.app.inject(body === undefined ? { method, url, headers } : { method, url, headers, payload: JSON.stringify(body) });
    return { status: answer.statusCode, body: answer.json<Json>() };
  }

  /** Connects a seller with a pair the sandbox has just given. */
  async connect(accountName = 'shop', seller?: string, tenant = 'tenant-a'): Promise<{ tokenId: string; accountId: string }> {
    const pair = await freshPair(this.world, seller ?? this.world.sandbox.sellers()[0]?.id ?? '');
    const { status, body } = await this.call('POST', '/tokens', { account_name: accountName, ...pair }, tenant);
    if (status !== 200) throw new Error(`the seller was not connected: ${JSON.stringify(body)}`);
    const tokenId = String(body['id']);
    const { rows } = await this.world.owner.query<{ account_id: string }>('select account_id from tokens where id = $1', [tokenId]);
    return { tokenId, accountId: rows[0]?.account_id ?? '' };
  }
}
