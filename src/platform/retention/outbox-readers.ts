import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/transaction.js';
import type { FeedPosition } from '../event-log/feed.js';

/** Where a reader stands: the last announcement it has dealt with. */
export type ReadersPlace = (tx: Transaction) => Promise<FeedPosition>;

/** Readers of the outbox inside this service. What one of them has not read yet is owed, and does not age out however old it is. */
@Injectable()
export class OutboxReaders {
  private readonly registered: ReadersPlace[] = [];

  register(place: ReadersPlace): void {
    this.registered.push(place);
  }

  async places(tx: Transaction): Promise<FeedPosition[]> {
    const places: FeedPosition[] = [];
    for (const place of this.registered) places.push(await place(tx));
    return places;
  }
}
