import { type Client, getLinkingStatus, getLinkingTask, listTokens, startLinking } from '../src/index.js';

/** Allegro asks for a poll every five seconds; the service polls, we only ask how far it is. */
const ASK_EVERY_MS = 1_000;

/** The token of an account the caller has connected already; null where there is none. */
export async function knownAccount(client: Client): Promise<string | null> {
  const { data } = await listTokens({ client, query: { active_only: true } });
  return data.tokens.find(({ state }) => state === 'active')?.id ?? null;
}

/**
 * Connects an Allegro account by device code, as a frontend does: show the seller where to confirm, then ask until it is done.
 * @param show told the address at Allegro at which the seller confirms
 * @returns the token's id
 */
export async function linkAccount(client: Client, accountName: string, show: (address: string, userCode: string) => unknown): Promise<string> {
  const { data: linking } = await startLinking({ client, body: { account_name: accountName } });
  await show(linking.verification_uri_complete, linking.user_code);
  for (;;) {
    const { data: state } = await getLinkingStatus({ client, body: { account_name: accountName, device_code: linking.device_code } });
    if (state.status === 'completed') break;
    if (state.status !== 'pending') throw new Error(`The account was not connected: ${state.message}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  const { data: task } = await getLinkingTask({ client, path: { task_id: linking.task_id } });
  return String(task.result?.['token_id']);
}
