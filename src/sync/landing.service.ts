import { Injectable } from '@nestjs/common';
import { OrderRecorder } from '../orders/order-recorder.service.js';
import type { FormReading, JournalReading, RecordResult } from '../orders/record-batch.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import type { OwedForm } from './owed-form.js';
import { oweForms, settleForms } from './owed-forms.store.js';
import { advanceCursor, keepOverlap } from './sync-cursors.store.js';
import type { SyncSession } from './sync-session.js';

/** What one page brought. */
export interface Catch {
  readonly journal: readonly JournalReading[];
  readonly forms: readonly FormReading[];
  /** Orders whose form could not be read; they are owed from the same transaction on. */
  readonly owed: readonly OwedForm[];
  /** The event id the cursor moves to; null leaves it where it is. */
  readonly cursor: string | null;
}

/** Lands what was read: events, forms, what is still owed and the cursor, so that the cursor never passes an order that did neither. */
@Injectable()
export class Landing {
  constructor(
    private readonly recorder: OrderRecorder,
    private readonly database: Database,
    private readonly effects: EffectSeam,
  ) {}

  async land(session: SyncSession, caught: Catch, alsoCommit?: (tx: Transaction) => Promise<void>): Promise<RecordResult> {
    const { accountId, fence, runId } = session;
    const batch = { accountId, fence, actor: 'sync', causationId: runId, journal: caught.journal, forms: caught.forms };
    const result = await this.effects.perform('log.record', () =>
      this.recorder.record(batch, async (tx, recorded) => {
        const unreadable = recorded.failed.map(({ orderId, reason }): OwedForm => ({ orderId, reason: 'unreadable', error: reason, allegroStatus: null, traceId: null }));
        const owed = [...caught.owed, ...unreadable];
        await settleForms(tx, accountId, landedOrders(caught.forms, owed));
        await oweForms(tx, accountId, owed);
        await alsoCommit?.(tx);
        if (caught.cursor !== null) await advanceCursor(tx, accountId, caught.cursor);
      }),
    );
    count(session, caught, result);
    return result;
  }

  /** Remembers the journal's place of now as the one a later run reads again from. */
  async keepOverlap(session: SyncSession, eventId: string | null): Promise<void> {
    await this.effects.perform('cursor.start', () => this.database.transaction((tx) => keepOverlap(tx, session.accountId, eventId)));
  }
}

function landedOrders(forms: readonly FormReading[], owed: readonly OwedForm[]): string[] {
  const notLanded = new Set(owed.map((form) => form.orderId));
  return forms.flatMap(({ form }) => (typeof form.id === 'string' ? [form.id.toLowerCase()] : [])).filter((orderId) => !notLanded.has(orderId));
}

function count(session: SyncSession, caught: Catch, result: RecordResult): void {
  const { tally } = session;
  for (const { form } of caught.forms) if (typeof form.id === 'string') tally.processed.add(form.id.toLowerCase());
  for (const orderId of result.created) tally.created.add(orderId);
  for (const orderId of result.updated) if (!tally.created.has(orderId)) tally.updated.add(orderId);
  for (const form of caught.owed) tally.failed.add(form.orderId);
  for (const failure of result.failed) tally.failed.add(failure.orderId);
  tally.eventsNew += result.journalAppended;
}
