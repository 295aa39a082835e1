import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FormReading } from '../orders/record-batch.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { Leaders } from '../tokens/leaders.service.js';
import { needsReauth } from '../tokens/tokens.errors.js';
import { OrderRecorder } from '../orders/order-recorder.service.js';
import { BatchProtection } from './batch-protection.service.js';
import { OrderSource } from './order-source.service.js';
import { settleForms } from './owed-forms.store.js';
import { formHeld, syncPaused } from './sync-pauses.errors.js';
import { SyncPausing } from './sync-pausing.service.js';

/** Below the 10 s after which clients give up, with room for our own work. */
const ANSWER_WITHIN_MS = 8_000;

/** Reads one order from Allegro now, because a person asked for it. */
@Injectable()
export class OrderRefresh {
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
  async refresh(account: AccountRef, orderId: string): Promise<'created' | 'updated' | 'skipped'> {
    if (await this.pausing.isPaused(account.accountId)) throw syncPaused();
    const tokenId = await this.leaders.leaderOf(account.accountId);
    if (tokenId === null) throw needsReauth();
    const asker = { accountId: account.accountId, tokenId, share: 'interactive', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) } as const;
    const answer = await this.source.form(asker, orderId);
    if (answer.value.kind === 'missing') throw orderNotFound();
    const reading = { form: answer.value.form, observedAt: answer.observedAt, traceId: answer.traceId };
    return this.land(account.accountId, reading);
  }

  private async land(accountId: string, reading: FormReading): Promise<'created' | 'updated' | 'skipped'> {
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
