import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** A client that takes nothing for this long is dropped: it comes back with its Last-Event-ID and has lost nothing. */
const STALLED_AFTER_MS = 10_000;

/** One change as an event of a stream: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function eventFrame(id: string, change: object): string {
  return `id: ${id}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`;
}

/** How far a client has heard everything: no event, but what it sends as Last-Event-ID if it is cut off. The heartbeat of a silent stream. */
export const placeFrame = (id: string): string => `id: ${id}\n\n`;

/** Writes and waits while the client's buffer is full. @returns false when it stopped reading, or left */
export async function written(response: ServerResponse, frame: string, stalledAfterMs = STALLED_AFTER_MS): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(frame)) return true;
  try {
    await once(response, 'drain', { signal: AbortSignal.timeout(stalledAfterMs) });
    return true;
  } catch {
    response.destroy();
    return false;
  }
}
