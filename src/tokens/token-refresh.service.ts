import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { Problem } from '../core/problem.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Metrics } from '../platform/observability/metrics.js';
import type { LiveToken } from './live-token.js';
import { type RefreshWish, refreshStep } from './refresh-decision.js';
import { RunningRefreshes } from './running-refreshes.service.js';
import { SpendRefreshToken } from './spend-refresh-token.service.js';
import { type StoredToken, TokenPairs } from './token-pairs.read-model.js';
import { notUsable, refreshBusy, refreshPostponed, wrongEnvironment } from './tokens.errors.js';

/** How often a loser looks whether the new pair is there: a small part of the 100-300 ms a refresh takes. */
const LOOK_AGAIN_MS = 100;
/** A lease (20 s), the call that repeats a crashed one (10 s), and a little: by then somebody has answered. */
const PATIENCE_MS = 35_000;

/** One refresh at a time over all processes: one spends the refresh token, the others wait for the row and read the new pair. */
@Injectable()
export class TokenRefresh {
  private readonly outcomes: Counter;

  constructor(
    private readonly pairs: TokenPairs,
    private readonly spender: SpendRefreshToken,
    private readonly running: RunningRefreshes,
    metrics: Metrics,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {
    this.outcomes = metrics.counter({ name: 'token_refreshes_total', help: 'Refresh tokens this process tried to spend, by outcome', labels: ['outcome'] });
  }

  /**
   * A pair newer than `wish.generation`: the one somebody else stored meanwhile, else a fresh one from Allegro.
   * @throws Problem TOKEN_NEEDS_REAUTH, TOKEN_DEACTIVATED, WRONG_ENVIRONMENT, TOKEN_REFRESH_POSTPONED, TOKEN_REFRESH_BUSY, or Allegro's own failure
   */
  async newerThan(tokenId: string, wish: RefreshWish): Promise<LiveToken> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const token = await this.pairs.load(tokenId);
      // A sandbox token at production's door would be refused, and the seller blamed for it.
      if (token.environment !== this.config.allegro.environment) throw wrongEnvironment(token.environment);
      const live = await this.step(token, wish);
      if (live) return live;
      if (performance.now() > deadline) throw refreshBusy();
      await delay(LOOK_AGAIN_MS);
    }
  }

  private async step(token: StoredToken, wish: RefreshWish): Promise<LiveToken | null> {
    switch (refreshStep(token, wish)) {
      case 'take_newer':
        return this.spender.live(token);
      case 'claim':
        return this.running.track(this.spend(token));
      case 'postponed':
        throw refreshPostponed(token.retryInSeconds);
      case 'not_active':
        throw notUsable(token.state);
      case 'wait':
        return null;
    }
  }

  private async spend(token: StoredToken): Promise<LiveToken | null> {
    try {
      const live = await this.spender.spend(token, randomUUID());
      this.outcomes.inc({ outcome: live ? 'stored' : 'overtaken' });
      return live;
    } catch (error) {
      this.outcomes.inc({ outcome: error instanceof Problem && error.code === 'TOKEN_NEEDS_REAUTH' ? 'refused' : 'failed' });
      throw error;
    }
  }
}
