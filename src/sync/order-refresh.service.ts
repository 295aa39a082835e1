import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import { OneByOne } from '../core/one-by-one.js';
import type { FormReading } from '../orders/record-batch.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { Leaders } from '../tokens/leaders.service.js';
import { needsReauth } from '../tokens/tokens.errors.js';
import { OrderRecorder } from '../orders/order-recorder.service.js';
import { BatchProtection } from './batch-protection.service.js';
import { mayBeOrderId } from './order-id.js';
import { OrderSource } from './order-source.service.js';
import { settleForms } from './owed-forms.store.js';
import { formHeld, syncPaused } from './sync-pauses.errors.js';
import { SyncPausing } from './sync-pausing.service.js';

/** Below the 10 s after which clients give up, with room for our own work. */
const ANSWER_WITHIN_MS = 8_000;

/** All that is asked with is the order's id: an Allegro that finds the question wrong has no such order. */
function unknownOrder(error: unknown): never {
  throw error instanceof AllegroProblem && error.allegroStatus === 422 ? orderNotFound() : error;
}

type Effect = 'created' | 'updated' | 'skipped';

/** Reads one order from Allegro now, because a person asked for it; of one order one reading at a time, however often it is asked for. */
@Injectable()
export class OrderRefresh {
  private readonly readings = new OneByOne<Effect>();

  constructor(
    private readonly leaders: Leaders,
    private readonly source: OrderSource,
    private readonly recorder: OrderRecorder,
    private readonly protection: BatchProtection,
    private readonly pausing: SyncPausing,
  ) {}

  /**
   * @returns what the reading did to our order
   * @throws Problem SYNC_PAUSED, FORM_HELD (409) when the form may not be recorded, ORDER_NOT_FOUND when Allegro does not know it, AllegroProblem (502, 503) when Allegro did not answer in time
   */
  async refresh({ accountId }: AccountRef, orderId: string): Promise<Effect> {
    if (!mayBeOrderId(orderId)) throw orderNotFound();
    // The time runs while it waits for its turn too: the client does not wait longer.
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return this.readings.run(`${accountId}:${orderId.toLowerCase()}`, () => this.read(accountId, orderId, signal));
  }

  private async read(accountId: string, orderId: string, signal: AbortSignal): Promise<Effect> {
    if (await this.pausing.isPaused(accountId)) throw syncPaused();
    const tokenId = await this.leaders.leaderOf(accountId);
    if (tokenId === null) throw needsReauth();
    const asker = { accountId, tokenId, share: 'interactive', signal } as const;
    const answer = await this.source.form(asker, orderId).catch(unknownOrder);
    if (answer.value.kind === 'missing') throw orderNotFound();
    const reading = { form: answer.value.form, observedAt: answer.observedAt, traceId: answer.traceId };
    return this.land(accountId, reading);
  }

  private async land(accountId: string, reading: FormReading): Promise<Effect> {
    // One order is no batch: it is held by itself and pauses nothing.
    const judged = await this.protection.judge(accountId, { journal: [], forms: [reading] });
    const [held] = judged.held;
    // No fence: the version gate alone keeps this apart from a sync that runs at the same time.
    const batch = { accountId, fence: null, actor: 'refresh', causationId: randomUUID(), journal: [], forms: judged.forms };
    const result = await this.recorder.record(batch, async (tx, recorded) => {
      const landed = [...recorded.created, ...recorded.updated];
      await settleForms(tx, accountId, landed);
      await this.protection.keep(tx, accountId, judged, landed);
    });
    if (held) throw formHeld(held.reasons.map(({ code }) => code));
    if (result.created.length > 0) return 'created';
    return result.updated.length > 0 ? 'updated' : 'skipped';
  }
}
