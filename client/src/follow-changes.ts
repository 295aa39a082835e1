import { eventsOf } from './event-lines.js';
import type { Client } from './generated/client/types.gen.js';
import type { AnnouncedChangeView } from './generated/types.gen.js';
import { pause } from './patient-fetch.js';
import { ServiceProblem } from './service-problem.js';

export interface FollowSettings {
  /** Only the account of this token; without it all accounts of the tenant. */
  readonly tokenId?: string;
  /** The `id` of the last change that was handled; without it what happens from now on. Keep it, and no change is missed. */
  readonly after?: string;
  readonly signal: AbortSignal;
  /** How long after a break it connects again. */
  readonly waitMs?: number;
}

/** As browsers wait before they connect again. */
const WAIT_MS = 2_000;
const BEARER = [{ scheme: 'bearer', type: 'http' }] as const;

/**
 * Every change, once and in order, for as long as the signal allows; a broken connection goes on behind the last change.
 * @throws ServiceProblem when the service refuses, such as 410 FEED_CURSOR_EXPIRED: read the lists again and follow anew
 */
export async function* followChanges(
  client: Client,
  { tokenId, after, signal, waitMs = WAIT_MS }: FollowSettings,
): AsyncGenerator<AnnouncedChangeView, void, undefined> {
  let place = after;
  while (!signal.aborted) {
    try {
      for await (const event of eventsOf(await open(client, { tokenId, after: place, signal }))) {
        place = event.id ?? place;
        if (event.data !== '') yield JSON.parse(event.data) as AnnouncedChangeView;
      }
    } catch (error) {
      refuseIfFinal(error);
    }
    await pause(waitMs, signal).catch(() => undefined); // the loop's head ends it
  }
}

/** Asking again helps against what broke, not against what the request is. */
function refuseIfFinal(error: unknown): void {
  if (error instanceof ServiceProblem && error.status < 500) throw error;
}

async function open(
  client: Client,
  { tokenId, after, signal }: Pick<FollowSettings, 'tokenId' | 'signal'> & { after: string | undefined },
): Promise<ReadableStream<Uint8Array>> {
  const { data } = await client.get<ReadableStream<Uint8Array>, unknown, true>({
    url: '/api/v1/changes/stream',
    query: { token_id: tokenId, after: after === undefined ? 'now' : undefined },
    headers: { Accept: 'text/event-stream', 'Last-Event-ID': after ?? null },
    parseAs: 'stream',
    security: BEARER,
    signal,
    throwOnError: true,
  });
  return data;
}
