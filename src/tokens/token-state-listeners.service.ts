import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/transaction.js';
import type { TokenChangeReason, TokenState } from './token-state.js';

/** A change of one token's state and what it did to the lead of its account. */
export interface AppliedChange {
  readonly tenantId: string;
  readonly accountId: string;
  readonly tokenId: string;
  readonly from: TokenState;
  readonly to: TokenState;
  readonly reason: TokenChangeReason;
  readonly leaderBefore: string | null;
  readonly leaderAfter: string | null;
  readonly actor: string;
}

/** Called inside the transaction that changes the state: what it writes through `tx` stands or falls with the change. */
export interface TokenStateListener {
  onTokenChange(tx: Transaction, change: AppliedChange): Promise<void>;
}

/** Who wants to hear of changes: first sync after linking, schedules that move to another leader. Register in a constructor. */
@Injectable()
export class TokenStateListeners {
  private readonly listeners: TokenStateListener[] = [];

  register(listener: TokenStateListener): void {
    this.listeners.push(listener);
  }

  async notify(tx: Transaction, change: AppliedChange): Promise<void> {
    for (const listener of this.listeners) await listener.onTokenChange(tx, change);
  }
}
