import pg from 'pg';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.js';
import type { SandboxOptions } from '../../sandbox/settings.js';
import { testEnvironment } from './environment.js';
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
