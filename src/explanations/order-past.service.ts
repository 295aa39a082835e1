import { Injectable } from '@nestjs/common';
import { UUID } from '../core/uuid.js';
import { QuarantineReadModel } from '../data-protection/quarantine.read-model.js';
import { OrderHistory } from '../orders/order-history.service.js';
import type { TimelineEntry } from '../orders/order-timeline.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { Certificates } from '../sync/certificates.read-model.js';
import { SyncRuns } from '../sync/sync-runs.read-model.js';
import { fact, type Fact } from './fact.js';
import { heldFacts } from './held-facts.js';
import { pastFacts, type Readers } from './past-facts.js';

/** More than an order has in its life; who reads more wants the timeline. */
const MOST_EVENTS = 200;
/** An order is held a few times; more says nothing new. */
const MOST_HELD = 50;

export interface OrderPast {
  readonly facts: readonly Fact[];
  readonly isRecorded: boolean;
  /** Readings that wait for a decision. */
  readonly waiting: number;
}

/** What was recorded of an order and what was held, in the order it came. */
@Injectable()
export class OrderPastService {
  constructor(
    private readonly history: OrderHistory,
    private readonly quarantine: QuarantineReadModel,
    private readonly runs: SyncRuns,
    private readonly certificates: Certificates,
  ) {}

  async past(account: AccountRef, orderId: string): Promise<OrderPast> {
    const [entries, held] = await Promise.all([
      this.history.timeline(account.accountId, orderId),
      this.quarantine.ofOrder(account.accountId, orderId, MOST_HELD),
    ]);
    const left = Math.max(0, entries.length - MOST_EVENTS);
    const from = entries[left]?.event.version ?? 0;
    const told = pastFacts(entries, await this.readersOf(account, entries.slice(left))).filter(({ version }) => (version ?? 0) >= from);
    const facts = [...told, ...heldFacts(held)].sort((one, other) => (one.at?.getTime() ?? 0) - (other.at?.getTime() ?? 0));
    const omitted = left > 0 ? [fact('earlier_left_out', { count: left })] : [];
    return { facts: [...omitted, ...facts], isRecorded: entries.length > 0, waiting: held.filter(({ status }) => status === 'held').length };
  }

  private async readersOf({ accountId, tenantId }: AccountRef, entries: readonly TimelineEntry[]): Promise<Readers> {
    const ids = [...new Set(entries.flatMap(({ event }) => event.causationId ?? []))].filter((id) => UUID.test(id));
    const [runs, sweeps] = await Promise.all([this.runs.typesOf(tenantId, ids), this.certificates.among(accountId, ids)]);
    const readers = new Map<string, 'journal' | 'listing' | 'sweep'>();
    for (const [id, type] of runs) readers.set(id, type === 'full' ? 'listing' : 'journal');
    for (const id of sweeps) readers.set(id, 'sweep');
    return readers;
  }
}
