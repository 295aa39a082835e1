import { Injectable } from '@nestjs/common';
import type { BreakerVerdict, JudgedCounts } from '../data-protection/batch-breaker.js';
import { FormGuard } from '../data-protection/form-guard.service.js';
import type { HeldReading, JudgedReadings, KnownOrders } from '../data-protection/judge-readings.js';
import { JudgementWindow } from '../data-protection/judgement-window.service.js';
import { Quarantine, type QuarantinedReading } from '../data-protection/quarantine.service.js';
import { HeldDocuments } from '../orders/held-documents.read-model.js';
import type { FormReading, JournalReading } from '../orders/record-batch.js';
import { isJsonObject, type JsonValue } from '../core/json.js';
import type { Transaction } from '../platform/database/transaction.js';
import { type FormEntry, orderOf, ordersOf } from './form-entry.js';
import { boughtAt } from './history-windows.js';
import { SyncPauses } from './sync-pauses.read-model.js';

/** An entry of the journal as fetched: nobody has looked yet whether it is an event. */
export interface JournalEntry extends Omit<JournalReading, 'event'> {
  readonly event: JsonValue;
}

/** Readings before anything of them is written. */
export interface JudgedBatch {
  readonly journal: readonly JournalReading[];
  readonly forms: readonly FormReading[];
  readonly held: readonly QuarantinedReading[];
  readonly counts: JudgedCounts;
  readonly verdict: BreakerVerdict;
}

export interface UnjudgedBatch {
  readonly journal: readonly JournalEntry[];
  readonly forms: readonly FormEntry[];
  /** The forms are a whole stretch of Allegro's list, oldest purchase first. */
  readonly isListing?: boolean;
}

/** Most orders a page is compared with: several times what it holds itself. */
const MOST_EXPECTED = 500;

/** Judges what was read against what is held, before the commit; and keeps what was not accepted. */
@Injectable()
export class BatchProtection {
  constructor(
    private readonly guard: FormGuard,
    private readonly documents: HeldDocuments,
    private readonly window: JudgementWindow,
    private readonly quarantine: Quarantine,
    private readonly pauses: SyncPauses,
  ) {}

  async judge(accountId: string, batch: UnjudgedBatch): Promise<JudgedBatch> {
    const events = this.guard.events(batch.journal, batch.journal.length === 0 ? null : await this.pauses.sellerOf(accountId));
    const documents = await this.documents.find(accountId, [...new Set(ordersOf(batch.forms))]);
    const expected = batch.isListing ? await this.expected(accountId, batch.forms, documents.size) : null;
    const forms = await this.judgeForms(accountId, batch.forms, { documents, expected });
    const heldForms = forms.held.map(quarantinedForm);
    const known = await this.quarantine.knownOf(accountId, heldForms);
    const counts = { ...forms.counts, held: Math.max(0, forms.counts.held - known), foreign: forms.counts.foreign + events.counts.foreign };
    const held = [...heldForms, ...events.held.map(quarantinedEvent)];
    return {
      journal: events.accepted.flatMap(({ event, ...reading }) => (isJsonObject(event) ? [{ ...reading, event }] : [])),
      forms: forms.accepted.flatMap(({ form, ...reading }) => (isJsonObject(form) ? [{ ...reading, form }] : [])),
      held,
      counts,
      verdict: await this.verdict(accountId, counts),
    };
  }

  /** Keeps what is held, in the transaction that lands the rest. @param landed orders whose forms were accepted and landed */
  async keep(tx: Transaction, accountId: string, judged: JudgedBatch, landed: readonly string[]): Promise<void> {
    await this.quarantine.supersede(tx, accountId, landed);
    await this.quarantine.hold(tx, accountId, judged.held, null);
    await this.window.add(tx, accountId, judged.counts, this.guard.windowMinutes);
  }

  /** Keeps the whole batch, the forms with nothing wrong in them included. */
  async keepAll(tx: Transaction, accountId: string, judged: JudgedBatch, pauseId: string): Promise<void> {
    const others = judged.forms.map((reading): QuarantinedReading => {
      return {
        ...quarantinedForm({ reading, orderId: orderOf(reading.form), reasons: [] }),
        reasons: [{ code: 'breaker', detail: 'came together with forms that lost something' }],
      };
    });
    await this.quarantine.hold(tx, accountId, [...judged.held, ...others], pauseId);
  }

  /**
   * A form that was read before cannot lose anything anew: an order that a person put back differs from it, and is meant to.
   * Such forms are looked for only where something seems wrong.
   */
  private async judgeForms(accountId: string, forms: readonly FormEntry[], known: KnownOrders): Promise<JudgedReadings<FormEntry>> {
    const judged = this.guard.forms(forms, known);
    if (judged.counts.held + judged.counts.cancelled === 0) return judged;
    const repeated = await this.documents.lastRead(accountId, forms.map(({ form }) => form).filter(isJsonObject));
    if (repeated.size === 0) return judged;
    const documents = new Map([...known.documents, ...[...repeated].map((form) => [orderOf(form), form] as const)]);
    return this.guard.forms(forms, { ...known, documents });
  }

  private async verdict(accountId: string, counts: JudgedCounts): Promise<BreakerVerdict> {
    if (counts.held + counts.cancelled + counts.foreign === 0) return { kind: 'go_on' };
    return this.guard.verdict(counts, await this.window.since(accountId, new Date(Date.now() - this.guard.windowMinutes * 60_000)));
  }

  private async expected(accountId: string, forms: readonly FormEntry[], known: number): Promise<string[] | null> {
    const bought = forms.flatMap(({ form }) => boughtAt(form) ?? []);
    const [from, to] = [bought[0], bought.at(-1)];
    if (forms.length - known < this.guard.leastUnknown || !from || !to) return null;
    return this.documents.boughtBetween(accountId, { from, to }, MOST_EXPECTED);
  }
}

function quarantinedForm({ reading, orderId, reasons }: HeldReading<FormEntry>): QuarantinedReading {
  return { kind: 'form', orderId, content: reading.form, reasons, observedAt: reading.observedAt, traceId: reading.traceId };
}

function quarantinedEvent({ reading, orderId, reasons }: HeldReading<JournalEntry>): QuarantinedReading {
  return { kind: 'event', orderId, content: reading.event, reasons, observedAt: reading.observedAt, traceId: reading.traceId };
}
