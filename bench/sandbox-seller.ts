import type { HttpApi } from '../launcher/http-api.js';
import type { BenchSandbox } from './stage.js';

export interface SellerPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
}

const CLIENT = `Basic ${Buffer.from('demo-client:demo-secret').toString('base64')}`;
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** A pair straight from the sandbox by its device flow, for the seller at that position. */
export async function sellerPair(sandbox: BenchSandbox, position: number): Promise<SellerPair> {
  const device = await askOauth(sandbox, 'device', { client_id: 'demo-client' });
  await sandbox.control.post('/_sandbox/approve', { user_code: device['user_code'], seller: String(position) });
  const pair = await askOauth(sandbox, 'token', { grant_type: DEVICE_GRANT, device_code: String(device['device_code']) });
  const expiresAt = new Date(Date.now() + Number(pair['expires_in']) * 1_000).toISOString();
  return { accessToken: String(pair['access_token']), refreshToken: String(pair['refresh_token']), expiresAt };
}

/** Hands a seller's pair to the service; answers the token's id. */
export async function connectSeller(service: HttpApi, sandbox: BenchSandbox, position: number): Promise<string> {
  const pair = await sellerPair(sandbox, position);
  const { id } = await service.post('/api/v1/tokens', {
    account_name: `shop-${String(position)}`,
    allegro_token: pair.accessToken,
    refresh_token: pair.refreshToken,
    expires_at: pair.expiresAt,
  });
  return String(id);
}

/** As `connectSeller`, without the first sync that linking owes: what is measured then starts from nothing. For a process that runs no tasks. */
export async function connectUnsynced(service: HttpApi, sandbox: BenchSandbox, position: number): Promise<string> {
  const tokenId = await connectSeller(service, sandbox, position);
  const tasks = (await service.get('/api/v1/sync/tasks/active')) as unknown as { task_id: string }[];
  for (const task of tasks) await service.post('/api/v1/sync/tasks/revoke', { task_id: task.task_id });
  return tokenId;
}

async function askOauth(sandbox: BenchSandbox, path: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  const response = await fetch(`${sandbox.url}/auth/oauth/${path}`, { method: 'POST', headers: { authorization: CLIENT }, body: new URLSearchParams(form) });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`the sandbox refused ${path}: ${JSON.stringify(answer)}`);
  return answer;
}
