import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.read-model.js';

/** Which token of an account leads its sync; the others stand by. */
@Injectable()
export class Leaders {
  constructor(private readonly accounts: Accounts) {}

  /** The id of the leading token; null when no token of the account works. */
  async leaderOf(accountId: string): Promise<string | null> {
    return this.accounts.workingLeader(accountId);
  }
}
