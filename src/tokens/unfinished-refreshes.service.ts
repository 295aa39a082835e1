import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import { TokenPairs } from './token-pairs.read-model.js';
import { TokenRefresh } from './token-refresh.service.js';

/** Often enough that lease, wait and call together stay inside Allegro's 60 s of grace. */
const EVERY_MS = 2_000;
/** Tokens repeated at once in a turn: an outage is met with a handful of calls, not with all sellers. */
const AT_ONCE = 5;

/**
 * Repeats refreshes whose process died or whose answer was lost, with the OLD refresh token, while Allegro still takes it.
 * Without it the token would be lost unless somebody happened to use it within the minute.
 */
@Injectable()
export class UnfinishedRefreshes implements OnApplicationBootstrap {
  constructor(
    private readonly pairs: TokenPairs,
    private readonly refreshes: TokenRefresh,
    private readonly loops: SupervisedLoops,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api' || this.config.role === 'worker') return;
    this.loops.start('unfinished-refreshes', EVERY_MS, async () => this.turn());
  }

  /** @throws what is no expected failure; outages are on the row (failures, next try), refusals are its state */
  async turn(): Promise<void> {
    const due = await this.pairs.unfinished(this.config.allegro.environment, AT_ONCE);
    const outcomes = await Promise.allSettled(due.map(async ({ id, generation }) => this.refreshes.newerThan(id, { generation, atOnce: false })));
    const failure = outcomes.find((one) => one.status === 'rejected' && !(one.reason instanceof Problem));
    if (failure?.status === 'rejected') throw failure.reason;
  }
}
