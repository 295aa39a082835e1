import { type HttpApi, until } from './http-api.js';
import { patiently } from './patience.js';
import { RefusedCall } from './refused-call.js';

/** The sandbox asks for a poll a second; faults may cost some of them. */
const LINK_WITHIN_MS = 60_000;
const CONFLICT = 409;
/** How long outages are waited out before a code is given. */
const PATIENCE_MS = 60_000;

interface TokenRow {
  readonly id: string;
  readonly account_name: string;
}

/**
 * Links the sandbox's first seller through the device-code flow that every seller goes through, over the service's own API.
 * A seller linked by an earlier start is linked again under the same token: the sandbox forgets its sessions when it ends.
 * @returns the token's id
 */
export async function linkDemoSeller(service: HttpApi, sandbox: HttpApi, accountName: string): Promise<string> {
  const known = await tokenNamed(service, accountName);
  if (known !== null && (await stillWorks(service, known))) return known;
  // A link that an earlier start left unfinished holds the name until the poller hears that this sandbox does not know its code.
  const started = await patiently(PATIENCE_MS, () => service.post('/api/v1/tokens/auth/initialize', { account_name: accountName }), [CONFLICT]);
  await sandbox.post('/_sandbox/approve', { user_code: started['user_code'] });
  const question = { device_code: started['device_code'], account_name: accountName };
  await until('The link of the demo seller', LINK_WITHIN_MS, async () => {
    const { status, message } = await service.post('/api/v1/tokens/auth/status', question);
    if (status === 'failed' || status === 'expired') throw new Error(`The link of the demo seller ${status}: ${String(message)}`);
    return status === 'completed' ? status : null;
  });
  const { result } = await service.get(`/api/v1/tokens/auth/task/${String(started['task_id'])}`);
  return (result as { token_id: string }).token_id;
}

async function tokenNamed(service: HttpApi, accountName: string): Promise<string | null> {
  const { tokens } = await service.get('/api/v1/tokens/?per_page=100');
  return (tokens as TokenRow[]).find((token) => token.account_name === accountName)?.id ?? null;
}

/** A refusal tells the service that the consent is gone, which opens the name for a new link. */
async function stillWorks(service: HttpApi, tokenId: string): Promise<boolean> {
  try {
    await patiently(PATIENCE_MS, () => service.post(`/api/v1/tokens/${tokenId}/refresh`));
    return true;
  } catch (error) {
    if (error instanceof RefusedCall) return false;
    throw error;
  }
}
