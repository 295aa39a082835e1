import { Injectable } from '@nestjs/common';

/** A message about an order to a receiver outside the service. */
export interface OrderNotice {
  readonly receiverId: string;
  /** As its tenant named it; null where it has no name. */
  readonly receiverName: string | null;
  readonly eventType: string;
  /** Of the order it tells of. */
  readonly version: number | null;
  readonly state: 'owed' | 'delivered' | 'failed';
  readonly attempts: number;
  /** How the last attempt ended and with which status; null before it, and without an answer. */
  readonly lastOutcome: string | null;
  readonly lastStatus: number | null;
  readonly owedSince: Date;
  /** Null when it is over. */
  readonly nextAttemptAt: Date | null;
  readonly endedAt: Date | null;
}

export interface NoticedOrder {
  readonly tenantId: string;
  readonly accountId: string;
  readonly orderId: string;
}

/** A feature that tells receivers about orders and knows what became of it. Never names secrets or whole addresses. */
export interface KeeperOfNotices {
  /** The newest `limit` of one order, newest first. */
  ofOrder(order: NoticedOrder, limit: number): Promise<OrderNotice[]>;
}

/** Everybody who tells receivers about orders. Features register in their constructors; who explains an order asks. */
@Injectable()
export class KeepersOfNotices {
  private readonly registered: KeeperOfNotices[] = [];

  register(keeper: KeeperOfNotices): void {
    this.registered.push(keeper);
  }

  /** Newest first, at most `limit`. */
  async ofOrder(order: NoticedOrder, limit: number): Promise<OrderNotice[]> {
    const found = await Promise.all(this.registered.map((keeper) => keeper.ofOrder(order, limit)));
    return found
      .flat()
      .sort((one, other) => other.owedSince.getTime() - one.owedSince.getTime())
      .slice(0, limit);
  }
}
