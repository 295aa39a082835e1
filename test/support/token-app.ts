import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { SignJWT } from 'jose';
import pg from 'pg';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.js';
import type { SandboxOptions } from '../../sandbox/settings.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { ConfigurationModule } from '../../src/platform/config/configuration.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { EventLogModule } from '../../src/platform/event-log/event-log.module.js';
import { configureApp } from '../../src/platform/http/configure-app.js';
import { createFastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import { JobsModule } from '../../src/platform/jobs/jobs.module.js';
import { ObservabilityModule } from '../../src/platform/observability/observability.module.js';
import { SupervisionModule } from '../../src/platform/supervision/supervision.module.js';
import { TokensModule } from '../../src/tokens/tokens.module.js';
import { testEnvironment } from './environment.js';
import { eventually } from './eventually.js';
import { cloneDatabase, type TestDatabase } from './test-database.js';

/** A database and an Allegro: what the processes of one test share. */
export interface TokenWorld {
  readonly database: TestDatabase;
  readonly sandbox: Sandbox;
  readonly owner: pg.Client;
  /** Settings of a process of this world. */
  readonly environment: Record<string, string | undefined>;
  release(): Promise<void>;
}

export async function tokenWorld(options: SandboxOptions = {}): Promise<TokenWorld> {
  const database = await cloneDatabase();
  const sandbox = await startSandbox({ seed: 7, orders: 1, sellers: 3, ...options });
  const owner = new pg.Client(database.ownerUrl);
  owner.on('error', () => undefined); // the database is dropped under it at the end
  await owner.connect();
  const environment = testEnvironment({
    DATABASE_URL: database.serviceUrl,
    DATABASE_POOL_SIZE: '5',
    ALLEGRO_API_URL: sandbox.url,
    ALLEGRO_AUTH_URL: sandbox.url,
    ALLEGRO_CLIENT_ID: 'demo-client',
    ALLEGRO_CLIENT_SECRET: 'demo-secret',
  });
  const release = async (): Promise<void> => {
    await sandbox.close();
    await owner.end();
    await database.drop();
  };
  return { database, sandbox, owner, environment, release };
}

export type Role = 'seller' | 'operator' | 'support';
export type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

export interface Call {
  readonly tenant?: string;
  readonly roles?: readonly Role[];
  readonly body?: Json;
}

/** One process of the service with its HTTP side, linking and tokens. */
export class TokenApp {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly world: TokenWorld,
  ) {}

  static async start(world: TokenWorld, role: 'api' | 'all' = 'api'): Promise<TokenApp> {
    const configuration = parseConfiguration({ ...world.environment, ROLE: role });
    const module = await Test.createTestingModule({
      imports: [
        ConfigurationModule.for(configuration),
        ObservabilityModule,
        SupervisionModule,
        DatabaseModule,
        EventLogModule,
        HttpModule,
        JobsModule.for(['run-task']),
        TokensModule,
        AuthModule,
      ],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(createFastifyAdapter(configuration), { bodyParser: false });
    configureApp(app, configuration);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new TokenApp(app, world);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, call: Call = {}): Promise<Answer> {
    const secret = new TextEncoder().encode(this.world.environment['JWT_SECRET']);
    const claims = { user_id: call.tenant ?? 'tenant-a', ...(call.roles ? { roles: call.roles } : {}) };
    const jwt = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('5m').sign(secret);
    const headers = { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' };
    const url = `/api/v1${path}`;
    const answer = await this.app.inject(call.body === undefined ? { method, url, headers } : { method, url, headers, payload: JSON.stringify(call.body) });
    return { status: answer.statusCode, body: answer.json<Json>() };
  }

  /** Links a seller by device code as a person would; needs a process of role `all` somewhere. @returns the task's end */
  async link(accountName: string, seller: string, tenant = 'tenant-a'): Promise<Json> {
    const { status, body } = await this.call('POST', '/tokens/auth/initialize', { tenant, body: { account_name: accountName } });
    if (status !== 200) throw new Error(`linking did not begin: ${JSON.stringify(body)}`);
    this.world.sandbox.approve(String(body['user_code']), seller);
    return this.linkEnd(String(body['task_id']), tenant);
  }

  async linkEnd(taskId: string, tenant = 'tenant-a'): Promise<Json> {
    return eventually('the link ends', async () => {
      const { body } = await this.call('GET', `/tokens/auth/task/${taskId}`, { tenant });
      return body['status'] === 'PENDING' || body['status'] === 'STARTED' ? null : body;
    });
  }

  /** Hands in a pair the sandbox has just given for this seller, without the device flow. @returns the token's id */
  async import(accountName: string, seller: string, tenant = 'tenant-a'): Promise<string> {
    const answer = await this.call('POST', '/tokens', { tenant, body: { account_name: accountName, ...(await freshPair(this.world, seller)) } });
    if (answer.status !== 200) throw new Error(`the import was refused: ${JSON.stringify(answer.body)}`);
    return String(answer.body['id']);
  }
}

/** A pair straight from the sandbox, by its device flow. */
export async function freshPair(world: TokenWorld, seller: string): Promise<{ allegro_token: string; refresh_token: string; expires_at: string }> {
  const headers = { authorization: `Basic ${Buffer.from('demo-client:demo-secret').toString('base64')}` };
  const ask = async (path: string, form: Record<string, string>): Promise<Record<string, string>> => {
    const response = await fetch(`${world.sandbox.url}/auth/oauth/${path}`, { method: 'POST', headers, body: new URLSearchParams(form) });
    return (await response.json()) as Record<string, string>;
  };
  const device = await ask('device', { client_id: 'demo-client' });
  world.sandbox.approve(String(device['user_code']), seller);
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: String(device['device_code']) };
  const pair = await ask('token', form);
  const expiresAt = new Date(Date.now() + Number(pair['expires_in']) * 1000).toISOString();
  return { allegro_token: String(pair['access_token']), refresh_token: String(pair['refresh_token']), expires_at: expiresAt };
}
