import type { JobPayload } from './job-catalogue.js';

/** The one queue every worker process listens to; its jobs say which key's queue has work. */
export const DISPATCH_QUEUE = 'dispatch';

/** Three missed renewals: a process that says nothing this long is dead or frozen, and its work goes to another. */
export const LOCK_MS = 15_000;
/** How often a running job renews its lock. */
export const LOCK_RENEWAL_MS = LOCK_MS / 3;
/** The least BullMQ allows: the check runs only when a job is active, twice, right before a turn. */
export const STALLED_CHECK_MS = 1;
/** How often the dispatch queue itself is checked: with the lock, recovery stays below the 30 s that are promised. */
export const DISPATCH_STALLED_CHECK_MS = 2_000;
/** In effect never: a job killed twice must not be given up, the row it names decides that. */
export const MAX_STALLED_COUNT = 1_000_000;
/** A key that is active elsewhere is looked at again after this; rare, so seconds are soon enough. */
export const LATER_MS = 2_000;
/** A turn that failed (a lost connection) is repeated; the due-work loop would heal it too, only later. */
export const DISPATCH_ATTEMPTS = 5;
export const DISPATCH_BACKOFF_MS = 1_000;

/** BullMQ's name of a key's queue. */
export function queueNameOf(queueKey: string): string {
  return `sync_${queueKey}`;
}

/** At most one active and one pending job with this id: an add made while it is active is kept and runs afterwards. */
export function deduplicationOf(id: string): { id: string; keepLastIfActive: true } {
  return { id, keepLastIfActive: true };
}

/** Equal for equal name and payload, whatever the order of the payload's keys. */
export function deduplicationId(name: string, payload: JobPayload): string {
  const ids = Object.keys(payload)
    .sort()
    .map((key) => payload[key] ?? '');
  return [name, ...ids].join('/');
}
