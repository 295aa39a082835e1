import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import { PostponeTask } from '../platform/jobs/postpone-task.js';
import type { Task } from '../platform/jobs/task.js';
import { TaskHandlers, type TaskRun } from '../platform/jobs/task-handlers.js';
import { Leaders } from '../tokens/leaders.service.js';
import { needsReauth } from '../tokens/tokens.errors.js';
import { Certificates } from './certificates.read-model.js';
import { type OpenCertificate, openCertificate } from './certificates.store.js';
import { retryTime } from './retry-time.js';
import { SweepTurn } from './sweep-turn.service.js';
import { sweptSpan } from './sweep-window.js';

/** Another run of the account goes on: looked at again soon, so that a person does not wait long behind it. */
const BUSY_PAUSE_MS = 1_000;
/** A person has to let a paused account go on: minutes count, not seconds. */
const PAUSED_PAUSE_MS = 300_000;

/** The task `sweep`: Allegro's list against what we hold, ended by a certificate. */
@Injectable()
export class SweepTasks {
  constructor(
    handlers: TaskHandlers,
    private readonly database: Database,
    private readonly leaders: Leaders,
    private readonly turn: SweepTurn,
    private readonly certificates: Certificates,
  ) {
    handlers.register('sweep', (task, run) => this.run(task, run));
  }

  private async run(task: Task, run: TaskRun): Promise<JsonObject> {
    const accountId = task.accountId ?? '';
    const tokenId = await this.leaders.leaderOf(accountId);
    if (tokenId === null) throw needsReauth();
    const certificate = await this.open(task, accountId);
    const outcome = await this.attempt(run, () =>
      this.turn.run({ tenantId: task.tenantId, accountId, tokenId, certificate, signal: run.signal, onProgress: (fraction) => run.progress(fraction) }),
    );
    if (outcome === 'busy') throw new PostponeTask(new Date(Date.now() + BUSY_PAUSE_MS), 'waits for another sync of the account');
    if (outcome === 'turn-over') throw new PostponeTask(new Date(), 'lets waiting syncs of the account run first');
    return this.result(accountId, certificate.id);
  }

  private async open(task: Task, accountId: string): Promise<OpenCertificate> {
    const span = sweptSpan(task.createdAt, { from: instantOf(task.params.from), to: instantOf(task.params.to) });
    return this.database.transaction((tx) => openCertificate(tx, { id: randomUUID(), tenantId: task.tenantId, accountId, taskId: task.id, ...span }));
  }

  /** An outage of Allegro or a paused account is no failure of the task: it waits. */
  private async attempt<T>(run: TaskRun, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (run.signal.aborted) throw error;
      if (error instanceof Problem && error.code === 'SYNC_PAUSED')
        throw new PostponeTask(new Date(Date.now() + PAUSED_PAUSE_MS), `${error.code}: ${error.message}`);
      const retryAt = retryTime(error, { now: new Date(), failures: 1, jitter: Math.random() });
      throw retryAt === null ? error : new PostponeTask(retryAt.at, retryAt.reason);
    }
  }

  private async result(accountId: string, id: string): Promise<JsonObject> {
    const certificate = await this.certificates.find(accountId, id);
    if (!certificate) throw new Error(`the certificate ${id} is gone`);
    const { listed, equal, healed, held, rejected, complete } = certificate;
    return { certificate_id: id, listed, equal, healed, held, rejected, complete };
  }
}

function instantOf(value: unknown): Date | null {
  return typeof value === 'string' ? new Date(value) : null;
}
