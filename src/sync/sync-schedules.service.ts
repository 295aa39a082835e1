import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import type { Transaction } from '../platform/database/transaction.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { ACCOUNT_STREAM, type NewEvent } from '../platform/event-log/events.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { Settings } from '../platform/settings/settings.service.js';
import { TokenAccounts } from '../tokens/token-accounts.service.js';
import { tokenDeactivated } from '../tokens/tokens.errors.js';
import { placeOfToken } from './account-schedules.store.js';
import { SHORTEST_INTERVAL } from './sync.settings.js';
import { alreadyActive, intervalTooShort, notActive } from './sync-schedules.errors.js';
import { activateSchedule, deactivateSchedule } from './sync-schedules.store.js';

/** What is said on the account's stream about its automatic sync. */
interface Said {
  readonly accountId: string;
  readonly actor: string;
  readonly type: 'autosync.activated' | 'autosync.deactivated';
  readonly payload: JsonObject;
}

/** Switches automatic sync of a token on and off; the switch and its event stand or fall together. */
@Injectable()
export class SyncSchedules {
  private readonly shortestMinutes: (tenantId: string) => number;

  constructor(
    private readonly accounts: TokenAccounts,
    private readonly log: EventLog,
    settings: Settings,
  ) {
    this.shortestMinutes = settings.live(SHORTEST_INTERVAL);
  }

  /**
   * The first run is due at once; while no token of the account works it is held.
   * @param intervalMinutes 1 to 1440
   * @throws Problem VALIDATION_FAILED (422) below the shortest interval of the tenant, TOKEN_NOT_FOUND (404), TOKEN_DEACTIVATED (409), ALREADY_ACTIVE (400; also for all but one of several at once)
   */
  async activate(scope: TenantScope, tokenId: string, intervalMinutes: number): Promise<void> {
    const owner = await this.accounts.resolveForWrite(scope, tokenId);
    const shortest = this.shortestMinutes(owner.tenantId);
    if (intervalMinutes < shortest) throw intervalTooShort(shortest);
    const { accountId } = owner;
    const said: Said = { accountId, actor: scope.actor, type: 'autosync.activated', payload: { token_id: owner.tokenId, interval_minutes: intervalMinutes } };
    await this.say(said, async (tx) => {
      // A token deleted at the same moment meets us on the account's stream: whoever comes second begins again and sees it here.
      const place = await placeOfToken(tx, owner.tokenId);
      if (!place.isLive) throw tokenDeactivated();
      if (!(await activateSchedule(tx, owner, { intervalMinutes, held: !place.accountWorks }))) throw alreadyActive();
    });
  }

  /** @throws Problem TOKEN_NOT_FOUND (404), AUTOSYNC_NOT_ACTIVE (404; also for all but one of several at once) */
  async deactivate(scope: TenantScope, tokenId: string): Promise<void> {
    const { accountId, tokenId: id } = await this.accounts.resolve(scope, tokenId);
    const said: Said = { accountId, actor: scope.actor, type: 'autosync.deactivated', payload: { token_id: id } };
    await this.say(said, async (tx) => {
      if ((await deactivateSchedule(tx, id)) === null) throw notActive();
    });
  }

  private async say(said: Said, work: (tx: Transaction) => Promise<void>): Promise<void> {
    const now = new Date();
    const { accountId, type, payload, actor } = said;
    const event: NewEvent = { type, source: 'service', dedupKey: `c:autosync:${randomUUID()}`, occurredAt: now, observedAt: now, payload, actor };
    await this.log.commit({ accountId, orderId: ACCOUNT_STREAM, events: [event] }, work);
  }
}
