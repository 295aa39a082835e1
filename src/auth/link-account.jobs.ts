import { Injectable } from '@nestjs/common';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import type { JsonObject } from '../core/json.js';
import { PostponeTask } from '../platform/jobs/postpone-task.js';
import type { Task } from '../platform/jobs/task.js';
import { TaskHandlers } from '../platform/jobs/task-handlers.js';
import { deviceCodeUnknown, linkFailed } from './auth.errors.js';
import { type Authorization, Authorizations } from './device-authorizations.read-model.js';
import { LinkCompletion } from './link-completion.service.js';
import { LinkPoll } from './link-poll.service.js';
import { LINK_ACCOUNT } from './link-recorder.service.js';

/** Between two tries to learn the seller's identity: the pair is safe and lives 12 h. */
const IDENTITY_RETRY_MS = 15_000;

/** The task of a link: one poll a run, so that a restart of the process in between just goes on. */
@Injectable()
export class LinkAccountTask {
  constructor(
    handlers: TaskHandlers,
    private readonly links: Authorizations,
    private readonly polls: LinkPoll,
    private readonly completion: LinkCompletion,
  ) {
    handlers.register(LINK_ACCOUNT, async (task) => this.run(task));
  }

  private async run(task: Task): Promise<JsonObject> {
    const link = await this.load(task);
    if (link.status === 'completed') return link.result ?? {};
    if (link.status === 'failed' || link.status === 'expired') throw linkFailed(link.failureCode ?? 'LINK_FAILED', link.failureDetail ?? '');
    if (link.status === 'pending') await this.polls.poll(link);
    return this.complete(await this.load(task));
  }

  private async complete(link: Authorization): Promise<JsonObject> {
    if (link.status !== 'granted') throw new PostponeTask(new Date(Date.now() + IDENTITY_RETRY_MS), 'The link was ended meanwhile.');
    try {
      return await this.completion.complete(link);
    } catch (error) {
      if (!(error instanceof AllegroProblem)) throw error;
      throw new PostponeTask(new Date(Date.now() + IDENTITY_RETRY_MS), 'Consent was given; Allegro cannot be asked just now whose it is.');
    }
  }

  private async load(task: Task): Promise<Authorization> {
    const id = task.params['authorization_id'];
    const link = typeof id === 'string' ? await this.links.find(id) : null;
    if (!link) throw deviceCodeUnknown();
    return link;
  }
}
