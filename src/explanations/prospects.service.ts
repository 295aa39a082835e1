import { Injectable } from '@nestjs/common';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { FailedOrders } from '../sync/failed-orders.read-model.js';
import { SyncPauses } from '../sync/sync-pauses.read-model.js';
import { ScheduleReadModel } from '../sync/sync-schedules.read-model.js';
import { Leaders } from '../tokens/leaders.service.js';
import type { Prospects } from './state-facts.js';

/** What decides about the next reading of an order. */
@Injectable()
export class ProspectsService {
  constructor(
    private readonly failed: FailedOrders,
    private readonly pauses: SyncPauses,
    private readonly schedules: ScheduleReadModel,
    private readonly leaders: Leaders,
  ) {}

  async of({ accountId, tenantId, tokenId }: AccountRef, orderId: string): Promise<Omit<Prospects, 'waiting'>> {
    const [owed, [pause], leader] = await Promise.all([
      this.failed.find(accountId, orderId),
      this.pauses.list(tenantId, { accountId, open: true }, 1),
      this.leaders.leaderOf(accountId),
    ]);
    const schedule = await this.schedules.ofToken(tenantId, leader ?? tokenId);
    return { owed, pause: pause ?? null, isLinked: leader !== null, schedule };
  }
}
