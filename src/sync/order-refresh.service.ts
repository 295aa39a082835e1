import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { Leaders } from '../tokens/leaders.service.js';
import { needsReauth } from '../tokens/tokens.errors.js';
import { OrderRecorder } from '../orders/order-recorder.service.js';
import { OrderSource } from './order-source.service.js';

/** Below the 10 s after which clients give up, with room for our own work. */
const ANSWER_WITHIN_MS = 8_000;

/** Reads one order from Allegro now, because a person asked for it. */
@Injectable()
export class OrderRefresh {
  constructor(
    private readonly leaders: Leaders,
    private readonly source: OrderSource,
    private readonly recorder: OrderRecorder,
  ) {}

  /**
   * @returns what the reading did to our order
   * @throws Problem ORDER_NOT_FOUND when Allegro does not know it, AllegroProblem (502, 503) when Allegro did not answer in time
   */
  async refresh(account: AccountRef, orderId: string): Promise<'created' | 'updated' | 'skipped'> {
    const tokenId = await this.leaders.leaderOf(account.accountId);
    if (tokenId === null) throw needsReauth();
    const asker = { accountId: account.accountId, tokenId, share: 'interactive', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) } as const;
    const answer = await this.source.form(asker, orderId);
    if (answer.value.kind === 'missing') throw orderNotFound();
    const reading = { form: answer.value.form, observedAt: answer.observedAt, traceId: answer.traceId };
    // No fence: the version gate alone keeps this apart from a sync that runs at the same time.
    const result = await this.recorder.record({ accountId: account.accountId, fence: null, actor: 'refresh', causationId: randomUUID(), journal: [], forms: [reading] });
    if (result.created.length > 0) return 'created';
    return result.updated.length > 0 ? 'updated' : 'skipped';
  }
}
