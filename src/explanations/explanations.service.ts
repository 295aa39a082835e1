import { Injectable } from '@nestjs/common';
import { OrdersReadModel } from '../orders/orders.read-model.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { KeepersOfNotices } from '../platform/notices/keepers-of-notices.js';
import { ClaimsReadModel } from '../technical-flags/claims.read-model.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import type { Fact } from './fact.js';
import { noticeFacts } from './notice-facts.js';
import { OrderPastService } from './order-past.service.js';
import { ProspectsService } from './prospects.service.js';
import { nextFacts, presentFacts } from './state-facts.js';

/** One for each purpose, and room for more purposes. */
const MOST_CLAIMS = 10;
/** A handful of webhooks and some changes of an order; who looks for more has the log of each webhook. */
const MOST_NOTICES = 50;
/** The place before the first claim. */
const BEFORE_ALL_CLAIMS = '0.';

export interface Explanation {
  readonly past: readonly Fact[];
  readonly now: readonly Fact[];
  readonly next: readonly Fact[];
}

/** Puts together what the service knows of one order; it reads, and changes nothing. */
@Injectable()
export class Explanations {
  constructor(
    private readonly orders: OrdersReadModel,
    private readonly claims: ClaimsReadModel,
    private readonly past: OrderPastService,
    private readonly prospects: ProspectsService,
    private readonly notices: KeepersOfNotices,
  ) {}

  /** @throws Problem ORDER_NOT_FOUND when nothing of the order was recorded, held or is owed */
  async explain(account: AccountRef, orderId: string): Promise<Explanation> {
    const { accountId, tenantId } = account;
    const [past, view, claims, prospects, notices] = await Promise.all([
      this.past.past(account, orderId),
      this.orders.find(accountId, orderId),
      this.claims.page(accountId, { purpose: null, orderId, after: BEFORE_ALL_CLAIMS, limit: MOST_CLAIMS }),
      this.prospects.of(account, orderId),
      this.notices.ofOrder({ tenantId, accountId, orderId }, MOST_NOTICES + 1),
    ]);
    if (past.facts.length === 0 && !prospects.owed) throw orderNotFound();
    const told = noticeFacts(notices, MOST_NOTICES);
    return {
      past: inTime([...past.facts, ...told.past]),
      now: presentFacts({ view, isRecorded: past.isRecorded, claims }),
      next: [...nextFacts({ ...prospects, waiting: past.waiting }), ...told.next],
    };
  }
}

/** What has no instant says what was left out: it stands first. */
const inTime = (facts: readonly Fact[]): Fact[] => [...facts].sort((one, other) => (one.at?.getTime() ?? 0) - (other.at?.getTime() ?? 0));
