import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { HeldReason } from '../data-protection/held-reason.js';
import type { QuarantinedReading } from '../data-protection/quarantine.service.js';
import { OrderRecorder } from '../orders/order-recorder.service.js';
import type { FailedReading, FormReading, RecordResult } from '../orders/record-batch.js';
import type { Transaction } from '../platform/database/transaction.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { BatchProtection, type JournalEntry, type JudgedBatch } from './batch-protection.service.js';
import { type FormEntry, orderOf, ordersOf } from './form-entry.js';
import { type OwedForm, putAside } from './owed-form.js';
import { OwedForms } from './owed-forms.service.js';
import { settleForms } from './owed-forms.store.js';
import { advanceCursor, keepOverlap } from './sync-cursors.store.js';
import { syncPaused } from './sync-pauses.errors.js';
import { SyncPausing } from './sync-pausing.service.js';
import type { SyncSession } from './sync-session.js';

/** What one page brought. */
export interface Catch {
  readonly journal: readonly JournalEntry[];
  readonly forms: readonly FormEntry[];
  /** Orders whose form could not be read; they are owed from the same transaction on. */
  readonly owed: readonly OwedForm[];
  /** The event id the cursor moves to; null leaves it where it is. */
  readonly cursor: string | null;
  /** The forms are a whole stretch of Allegro's list: read again from its checkpoint when they do not land. */
  readonly isListing?: boolean;
}

interface JudgedCatch {
  readonly caught: Catch;
  readonly judged: JudgedBatch;
}

/** Lands what was read: events, forms, what is still owed and the cursor, so that the cursor never passes an order that did neither. */
@Injectable()
export class Landing {
  constructor(
    private readonly recorder: OrderRecorder,
    private readonly owed: OwedForms,
    private readonly effects: EffectSeam,
    private readonly protection: BatchProtection,
    private readonly pausing: SyncPausing,
  ) {}

  /**
   * Judges what was caught and lands it; forms that would destroy something are held in the same transaction.
   * A batch that is too bad to be true is held whole and pauses the account's sync of forms.
   * @throws Problem SYNC_PAUSED (409) for a listing of a paused account, or one that pauses it; nothing of it is lost, it is listed again
   */
  async land(session: SyncSession, caught: Catch, alsoCommit?: (tx: Transaction, recorded: RecordResult) => Promise<void>): Promise<RecordResult> {
    if (caught.forms.length > 0 && (await this.pausing.isPaused(session.accountId))) return this.putAside(session, caught);
    const judged = await this.protection.judge(session.accountId, caught);
    if (judged.verdict.kind === 'trip') return this.pause(session, caught, { judged, causes: judged.verdict.causes });
    return this.record(session, { caught, judged }, alsoCommit);
  }

  private async record(
    session: SyncSession,
    { caught, judged }: JudgedCatch,
    alsoCommit?: (tx: Transaction, recorded: RecordResult) => Promise<void>,
  ): Promise<RecordResult> {
    const { accountId, fence, runId } = session;
    const perform = <T>(transaction: () => Promise<T>) => this.effects.perform('log.record', transaction);
    const batch = { accountId, fence, actor: 'sync', causationId: runId, journal: judged.journal, forms: judged.forms, perform };
    const othersLanded = judged.forms.length > 0 || session.tally.processed.size > 0;
    const result = await this.recorder.record(batch, async (tx, recorded) => {
      const owed = [...caught.owed, ...recorded.failed.map((failed) => unreadable(failed, judged.forms))];
      const landed = landedOrders(judged.forms, owed);
      await settleForms(tx, accountId, [...landed, ...judged.held.map(({ orderId }) => orderId)]);
      await this.owed.owe(tx, accountId, owed, othersLanded);
      await this.protection.keep(tx, accountId, judged, landed);
      await alsoCommit?.(tx, recorded);
      if (caught.cursor !== null) await advanceCursor(tx, accountId, caught.cursor);
    });
    count(session, { ...caught, forms: judged.forms }, result);
    return result;
  }

  /** While the account is paused the journal is captured and its orders are owed. */
  private async putAside(session: SyncSession, caught: Catch): Promise<RecordResult> {
    if (caught.isListing) throw syncPaused();
    const aside = { ...caught, forms: [], owed: [...caught.owed, ...ordersOf(caught.forms).map((orderId) => putAside(orderId))] };
    return this.record(session, { caught: aside, judged: await this.protection.judge(session.accountId, aside) });
  }

  private async pause(session: SyncSession, caught: Catch, { judged, causes }: { judged: JudgedBatch; causes: readonly HeldReason[] }): Promise<RecordResult> {
    const { accountId } = session;
    const captured = { ...caught, forms: [], owed: [], cursor: null };
    const nothingHeld = { ...judged, forms: [], held: [], counts: { judged: 0, held: 0, cancelled: 0, foreign: 0 } };
    const result = await this.record(session, { caught: captured, judged: nothingHeld });
    const owed = [...caught.owed, ...[...judged.forms.map(({ form }) => orderOf(form)), ...judged.held.map(ownOrder)].flatMap(dirty)];
    const pause = { id: randomUUID(), causes, forms: caught.forms.length };
    await this.effects.perform('sync.pause', () =>
      this.pausing.pause(session, pause, async (tx) => {
        await this.protection.keepAll(tx, accountId, judged, pause.id);
        await this.owed.owe(tx, accountId, owed, false);
        if (caught.cursor !== null) await advanceCursor(tx, accountId, caught.cursor);
      }),
    );
    if (caught.isListing) throw syncPaused();
    return result;
  }

  /** Whether forms wait: then the journal alone is captured. */
  async isPaused({ accountId }: SyncSession): Promise<boolean> {
    return this.pausing.isPaused(accountId);
  }

  /** Remembers the journal's place of now as the one a later run reads again from. */
  async keepOverlap(session: SyncSession, eventId: string | null): Promise<void> {
    await this.effects.perform('cursor.overlap', () => this.owed.transaction((tx) => keepOverlap(tx, session.accountId, eventId)));
  }
}

/** The order a held reading names, unless it is certainly another seller's. */
function ownOrder({ orderId, reasons }: QuarantinedReading): string {
  return reasons.some(({ code }) => code === 'foreign_listing') ? '' : orderId;
}

function dirty(orderId: string): OwedForm[] {
  return orderId === '' ? [] : [putAside(orderId)];
}

/** A form the database cannot hold: kept sealed beside what is owed. */
function unreadable({ orderId, reason }: FailedReading, forms: readonly FormReading[]): OwedForm {
  const reading = forms.find(({ form }) => orderOf(form) === orderId);
  const answer = reading ? { contentType: 'application/json', content: reading.form } : undefined;
  return { orderId, reason: 'unreadable', error: reason, allegroStatus: null, traceId: reading?.traceId ?? null, ...(answer ? { answer } : {}) };
}

function landedOrders(forms: readonly FormReading[], owed: readonly OwedForm[]): string[] {
  const notLanded = new Set(owed.map((form) => form.orderId));
  return ordersOf(forms).filter((orderId) => !notLanded.has(orderId));
}

function count(session: SyncSession, caught: Catch, result: RecordResult): void {
  const { tally } = session;
  for (const orderId of ordersOf(caught.forms)) tally.processed.add(orderId);
  for (const orderId of result.created) tally.created.add(orderId);
  for (const orderId of result.updated) if (!tally.created.has(orderId)) tally.updated.add(orderId);
  for (const form of caught.owed) tally.failed.add(form.orderId);
  for (const failure of result.failed) tally.failed.add(failure.orderId);
  tally.eventsNew += result.journalAppended;
}
