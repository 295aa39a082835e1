import type { Share } from '../allegro/call-context.js';
import type { Fence } from '../platform/event-log/events.js';

/** What one run of an account's sync carries along: whose it is, by which right it writes, and how to stop it. */
export interface SyncSession {
  readonly tenantId: string;
  readonly accountId: string;
  /** The token that leads the account. */
  readonly tokenId: string;
  /** Id of the run; the causation of every event it appends. */
  readonly runId: string;
  readonly fence: Fence;
  readonly share: Share;
  /** Aborted when the run may not go on: shutdown, lost lease, revoked, switched off. */
  readonly signal: AbortSignal;
  readonly tally: SyncTally;
}

/** Counts of one run. */
export class SyncTally {
  readonly created = new Set<string>();
  readonly updated = new Set<string>();
  readonly processed = new Set<string>();
  readonly failed = new Set<string>();
  eventsRead = 0;
  eventsNew = 0;

  get changedAnything(): boolean {
    return this.eventsNew > 0 || this.created.size > 0 || this.updated.size > 0 || this.failed.size > 0;
  }

  /** As shown in a task's result. */
  summary(): Record<string, number> {
    return {
      orders_processed: this.processed.size,
      orders_created: this.created.size,
      orders_updated: this.updated.size,
      orders_failed: this.failed.size,
      events_read: this.eventsRead,
      events_new: this.eventsNew,
    };
  }
}
