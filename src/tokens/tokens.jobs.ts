import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { PostponeTask } from '../platform/jobs/postpone-task.js';
import type { Task } from '../platform/jobs/task.js';
import { TaskHandlers } from '../platform/jobs/task-handlers.js';
import { EXPIRING_WITHIN_SECONDS, REFRESH_BATCH, REFRESH_TOKEN } from './expiring-tokens.service.js';
import { TokenRefresh } from './token-refresh.service.js';
import { TokenPairs } from './token-pairs.read-model.js';
import { notUsable } from './tokens.errors.js';

/** How often the parent of a batch looks at its children; the shortest batch takes five minutes. */
const LOOK_AGAIN_MS = 15_000;

interface ChildCounts {
  readonly open: number;
  readonly refreshed: number;
  readonly not_needed: number;
  readonly failed: number;
}

/** The tasks of refreshing: one token, and the batch that waits for its tokens and sums up. */
@Injectable()
export class TokenTasks {
  constructor(
    handlers: TaskHandlers,
    private readonly database: Database,
    private readonly pairs: TokenPairs,
    private readonly refreshes: TokenRefresh,
  ) {
    handlers.register(REFRESH_TOKEN, async (task) => this.refreshOne(task));
    handlers.register(REFRESH_BATCH, async (task) => this.sumUp(task));
  }

  private async refreshOne(task: Task): Promise<{ outcome: string; token_id: string }> {
    const tokenId = task.tokenId ?? '';
    const token = await this.pairs.load(tokenId);
    if (token.state !== 'active') throw notUsable(token.state);
    const longEnough = token.secondsLeft !== null && token.secondsLeft > EXPIRING_WITHIN_SECONDS;
    if (longEnough) return { outcome: 'not_needed', token_id: tokenId };
    await this.refreshes.newerThan(tokenId, { generation: token.generation, atOnce: false });
    return { outcome: 'refreshed', token_id: tokenId };
  }

  private async sumUp(task: Task): Promise<{ tokens: number; refreshed: number; not_needed: number; failed: number }> {
    const [counts] = await this.database.query<ChildCounts>(
      `select (count(*) filter (where status in ('PENDING', 'STARTED')))::int as open,
         (count(*) filter (where result ->> 'outcome' = 'refreshed'))::int as refreshed,
         (count(*) filter (where result ->> 'outcome' = 'not_needed'))::int as not_needed,
         (count(*) filter (where status in ('FAILURE', 'REVOKED')))::int as failed
       from tasks where parent_task_id = $1`,
      [task.id],
    );
    const { open, refreshed, not_needed, failed } = counts ?? { open: 0, refreshed: 0, not_needed: 0, failed: 0 };
    if (open > 0) throw new PostponeTask(new Date(Date.now() + LOOK_AGAIN_MS), `${String(open)} tokens are still to come`);
    return { tokens: refreshed + not_needed + failed, refreshed, not_needed, failed };
  }
}
