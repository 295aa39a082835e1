import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { readCursor, writeCursor } from '../core/signed-cursor.js';
import type { FeedPosition } from '../platform/event-log/feed.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { ChangeFeed, type ChangePage, OLDEST_KEPT } from './change-feed.read-model.js';
import { ChangeTailer } from './change-tailer.service.js';

/** Stands for the present where a cursor is expected. */
const NOW = 'now';

/** Whose changes are read: all accounts of a tenant, or that of one token. */
export interface Subject {
  readonly scope: TenantScope;
  readonly tokenId: string | null;
}

/** Reads changes from a caller's own place, and waits for the next. */
@Injectable()
export class Changes {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly feed: ChangeFeed,
    private readonly tailer: ChangeTailer,
    private readonly keys: OrderKeys,
  ) {}

  /** @throws Problem VALIDATION_FAILED (422) for a cursor that was not given to this tenant */
  async positionOf({ scope }: Subject, after: string | undefined): Promise<FeedPosition> {
    if (after === undefined) return OLDEST_KEPT;
    if (after === NOW) return this.feed.now();
    const place = readCursor(after, this.sign(scope));
    if (!Array.isArray(place)) throw validationFailed([{ field: 'after', message: 'must be a cursor this interface gave to the same tenant, or now' }]);
    const [epoch, xid, seq] = place;
    return { epoch: Number(epoch), xid: xid as string, seq: seq as string };
  }

  cursorOf({ scope }: Subject, { epoch, xid, seq }: FeedPosition): string {
    return writeCursor([Math.max(epoch, 0), xid, seq], this.sign(scope));
  }

  /** @throws Problem TOKEN_NOT_FOUND (404) */
  async accountsOf({ scope, tokenId }: Subject): Promise<string[]> {
    return tokenId === null ? this.feed.accountsOf(scope.tenantId) : [(await this.accounts.resolve(scope, tokenId)).accountId];
  }

  /** The changes behind `after`; when there are none yet, those that come within the wait. @throws Problem FEED_CURSOR_EXPIRED (410), TOKEN_NOT_FOUND (404) */
  async next(subject: Subject, after: FeedPosition, { limit, waitMs, signal }: { limit: number; waitMs: number; signal: AbortSignal }): Promise<ChangePage> {
    const accountIds = await this.accountsOf(subject);
    const deadline = performance.now() + waitMs;
    for (;;) {
      const news = this.tailer.watch(accountIds);
      try {
        const page = await this.feed.read(accountIds, after, limit);
        const leftMs = deadline - performance.now();
        if (page.changes.length > 0 || leftMs <= 0 || signal.aborted) return page;
        await within(news.arrived, leftMs, signal);
      } finally {
        news.end();
      }
    }
  }

  private sign({ tenantId }: TenantScope) {
    return (text: string) => this.keys.keyedHash(`changes-cursor:${tenantId}`, text);
  }
}

/** Resolves when `event` does, the time is over, or the caller left. */
async function within(event: Promise<void>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const ends = AbortSignal.any([signal, done.signal]);
  await Promise.race([event, delay(timeoutMs, undefined, { signal: ends }).catch(() => undefined)]);
  done.abort();
}
