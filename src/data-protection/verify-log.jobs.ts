import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import type { Task } from '../platform/jobs/task.js';
import { TaskHandlers, type TaskRun } from '../platform/jobs/task-handlers.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { nothingToVerify } from './integrity.errors.js';
import type { LogFlaw } from './log-flaw.js';
import { LogVerification } from './log-verification.service.js';

/** A result is a row clients read: the first flaws say where to look, the offline verifier lists all. */
const MOST_FLAWS = 100;

/** The verification of an account's whole log as owed work: large accounts take longer than a request may. */
@Injectable()
export class VerifyLogTasks {
  constructor(
    handlers: TaskHandlers,
    private readonly verification: LogVerification,
    private readonly tasks: Tasks,
    private readonly database: Database,
  ) {
    handlers.register('verify_log', (task, run) => this.run(task, run));
  }

  async start({ tenantId, accountId, tokenId }: AccountRef): Promise<Task> {
    const wanted = { tenantId, accountId, tokenId, queueKey: 'maintenance', taskType: 'verify_log', description: "verification of the account's log" };
    const task = await this.database.transaction((tx) => this.tasks.create(tx, wanted));
    await this.tasks.wake(task);
    return task;
  }

  private async run(task: Task, run: TaskRun): Promise<JsonObject> {
    const { accountId } = task;
    if (accountId === null) throw new Error('a verification names its account');
    const onProgress = async (fraction: number): Promise<void> => {
      run.signal.throwIfAborted();
      await run.progress(fraction);
    };
    const { flaws, ...counts } = await this.verification.verify({ accountId, onProgress });
    if (counts.verified && counts.streams === 0) throw nothingToVerify();
    return {
      verified: counts.verified,
      streams: counts.streams,
      events: counts.events,
      seals: counts.seals,
      sealed_events: counts.sealedEvents,
      ...(counts.importedSeals === undefined ? {} : { imported_seals: counts.importedSeals }),
      flaw_count: flaws.length,
      flaws: flaws.slice(0, MOST_FLAWS).map(flawJson),
    };
  }
}

function flawJson({ orderId, streamId, ...flaw }: LogFlaw): JsonObject {
  return { order_id: orderId, version: flaw.version, flaw: flaw.flaw, stream_id: streamId, seal: flaw.seal };
}
