import { Injectable } from '@nestjs/common';
import { AllegroOrdersClient } from '../allegro/allegro-orders.client.js';
import { AllegroProblem, type AllegroFailureKind } from '../allegro/allegro.errors.js';
import { Problem } from '../core/problem.js';
import { Leaders } from '../tokens/leaders.service.js';
import { Tokens } from '../tokens/tokens.service.js';

/** What asking Allegro for one account meets now. */
export type AllegroReach = 'ok' | 'throttled' | 'unreachable' | 'unauthorized';

/** Somebody waits for the answer, and an Allegro that needs longer is not well. */
const ANSWER_WITHIN_MS = 5_000;

const REACH: Readonly<Record<AllegroFailureKind, AllegroReach>> = {
  unavailable: 'unreachable',
  malformed: 'unreachable',
  cancelled: 'unreachable',
  rejected: 'unreachable',
  throttled: 'throttled',
  unauthorized: 'unauthorized',
  forbidden: 'unauthorized',
};

/** Measures whether Allegro answers for an account, by asking it whose token ours is. */
@Injectable()
export class AllegroProbe {
  constructor(
    private readonly leaders: Leaders,
    private readonly tokens: Tokens,
    private readonly allegro: AllegroOrdersClient,
  ) {}

  async reach(accountId: string): Promise<AllegroReach> {
    const leader = await this.leaders.leaderOf(accountId);
    if (leader === null) return 'unauthorized';
    const call = { accountKey: accountId, share: 'interactive', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) } as const;
    try {
      await this.tokens.withAccessToken(leader, async (access) => this.allegro.me(access, call));
      return 'ok';
    } catch (error) {
      if (error instanceof AllegroProblem) return REACH[error.kind];
      // A token that needs its seller, or whose refresh is postponed: both are findings here, not failures.
      if (error instanceof Problem) return error.retry === 'never' ? 'unauthorized' : 'unreachable';
      throw error;
    }
  }
}
