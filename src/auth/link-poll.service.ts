import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AllegroAuthClient } from '../allegro/allegro-auth.client.js';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import type { TokenPair } from '../allegro/oauth-answers.js';
import { Database } from '../platform/database/database.js';
import { PostponeTask } from '../platform/jobs/postpone-task.js';
import { PairVault, type SealedPair } from '../tokens/pair-vault.service.js';
import { LINK_FAILURES } from './auth.errors.js';
import type { Authorization } from './device-authorizations.read-model.js';
import { claimPoll, endPoll, keepGrant } from './device-authorizations.store.js';
import { LinkEnd } from './link-end.service.js';
import { authorizationOwner } from './link-recorder.service.js';
import { afterPoll, type PollRefusal } from './poll-decision.js';

/** The pair exists nowhere else: a database that is away for some seconds must not lose it. */
const KEEP_TRIES = 20;
const KEEP_PAUSE_MS = 500;

/** One poll of Allegro for one link. */
@Injectable()
export class LinkPoll {
  constructor(
    private readonly database: Database,
    private readonly allegro: AllegroAuthClient,
    private readonly vault: PairVault,
    private readonly end: LinkEnd,
  ) {}

  /**
   * Asks once. Resolves when the tokens are stored.
   * @throws PostponeTask until the next poll, Problem when the link has ended
   */
  async poll(link: Authorization): Promise<void> {
    if (link.secondsLeft <= 0) throw await this.end.fail(link, 'DEVICE_CODE_EXPIRED', LINK_FAILURES.DEVICE_CODE_EXPIRED);
    const claimed = await this.database.transaction(async (tx) => claimPoll(tx, link.id));
    if (!claimed) throw later(link.intervalSeconds, 'Another process asks Allegro.');
    const answer = await this.ask(link);
    if (answer.kind !== 'tokens') return this.goOn(link, answer.kind);
    await this.keep(link, answer.pair);
  }

  private async ask(link: Authorization): ReturnType<AllegroAuthClient['pollDeviceToken']> {
    if (!link.deviceSealed) throw new Error('a pending link has no device code');
    try {
      return await this.allegro.pollDeviceToken(this.vault.open(authorizationOwner(link.id), 'device', link.deviceSealed));
    } catch (error) {
      await this.pause(link, link.intervalSeconds);
      // An outage is not the seller's answer: the code's own life ends the polling.
      if (error instanceof AllegroProblem) throw later(Math.max(link.intervalSeconds, error.retryAfterSeconds ?? 0), 'Allegro cannot be asked just now.');
      throw error;
    }
  }

  private async goOn(link: Authorization, refusal: PollRefusal): Promise<never> {
    const step = afterPoll(link, refusal);
    if (step.kind === 'end') throw await this.end.fail(link, step.failure, LINK_FAILURES[step.failure]);
    await this.pause(link, step.intervalSeconds);
    throw later(step.intervalSeconds, 'Waiting for consent.');
  }

  private async pause(link: Authorization, intervalSeconds: number): Promise<void> {
    await this.database.transaction(async (tx) => endPoll(tx, link.id, intervalSeconds));
  }

  private async keep(link: Authorization, pair: TokenPair): Promise<void> {
    const sealed = this.vault.sealPair(authorizationOwner(link.id), pair);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.store(link, sealed);
        return;
      } catch (error) {
        if (attempt === KEEP_TRIES) throw error;
        await delay(KEEP_PAUSE_MS);
      }
    }
  }

  private async store(link: Authorization, sealed: SealedPair): Promise<void> {
    await this.database.transaction(async (tx) => keepGrant(tx, link.id, sealed));
  }
}

function later(seconds: number, reason: string): PostponeTask {
  return new PostponeTask(new Date(Date.now() + seconds * 1000), reason);
}
