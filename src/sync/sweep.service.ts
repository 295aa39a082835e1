import { Injectable } from '@nestjs/common';
import type { Answered } from '../allegro/call-context.js';
import { Certificates } from './certificates.read-model.js';
import type { OpenCertificate } from './certificates.store.js';
import { ordersOf } from './form-entry.js';
import { belongsTo, FORMS_PER_PAGE, furtherOffsets, halve, MOST_FORMS_PER_WINDOW, type Window } from './history-windows.js';
import { Landing } from './landing.service.js';
import { type FormsPage, OrderSource } from './order-source.service.js';
import { SweepLooks } from './sweep-looks.service.js';
import { SweepNotes } from './sweep-notes.service.js';
import type { SyncSession } from './sync-session.js';
import { listingEnd, MOST_FORMS_PER_SWEEP_WINDOW, sweptShare } from './sweep-window.js';

/** A window whose list shrank while it was paged through is read again: rows moved up past a page's end. More often it shrinks all the time. */
const MOST_READINGS = 3;

export interface SweepRun {
  readonly session: SyncSession;
  readonly certificate: OpenCertificate;
  readonly onProgress: (fraction: number) => Promise<void>;
  /** Asked after each window; false stops the sweep there, to be gone on with later. */
  readonly mayGoOn: () => boolean;
}

/** What one window came to. */
interface Reading {
  readonly listed: ReadonlySet<string>;
  readonly requests: number;
  readonly shrank: boolean;
  /** Entries that named no order. */
  readonly nameless: number;
}

/** Lists everything Allegro has of a span again, window by window, and records what we lack or hold differently. */
@Injectable()
export class Sweep {
  constructor(
    private readonly source: OrderSource,
    private readonly landing: Landing,
    private readonly looks: SweepLooks,
    private readonly certificates: Certificates,
    private readonly notes: SweepNotes,
  ) {}

  /** @returns whether the span is done. @throws AllegroProblem when Allegro did not answer; the windows before stay done */
  async run(run: SweepRun): Promise<boolean> {
    const { from, to, resumeFrom, startedAt } = run.certificate;
    const span = { from, to: listingEnd(to, startedAt) };
    const waiting: Window[] = resumeFrom > span.to ? [] : [{ from: resumeFrom, to: span.to }];
    let questions = 0;
    for (let window = waiting.shift(); window; window = waiting.shift()) {
      const first = await this.source.formsBought(run.session, window, 0);
      questions += 1;
      const halves = first.value.totalCount > MOST_FORMS_PER_SWEEP_WINDOW ? halve(window) : null;
      if (halves) {
        waiting.unshift(...halves);
        continue;
      }
      await this.sweepWindow(run, window, { first, questions });
      questions = 0;
      await run.onProgress(sweptShare(span, window.to));
      if (waiting.length > 0 && !run.mayGoOn()) return false;
    }
    return true;
  }

  private async sweepWindow(run: SweepRun, window: Window, asked: { first: Answered<FormsPage>; questions: number }): Promise<void> {
    let requests = asked.questions;
    let reading = await this.readWindow(run, window, asked.first);
    for (let again = 1; reading.shrank && again < MOST_READINGS; again += 1) {
      requests += reading.requests + 1;
      reading = await this.readWindow(run, window, await this.source.formsBought(run.session, window, 0));
    }
    const { listed } = reading;
    const held = await this.certificates.heldBetween(run.session.accountId, window.from, window.to);
    const looked = await this.looks.at(run, held.filter((orderId) => !listed.has(orderId))); // prettier-ignore
    // An order without a date of purchase is found beside our date of it, and counted where Allegro lists it.
    const found = looked.found.filter(({ boughtAt }) => boughtAt !== null && belongsTo(window, boughtAt)).map(({ orderId }) => orderId);
    // Of an entry that names no order nobody knows whether we hold it.
    const unlistable = Math.max(0, asked.first.value.totalCount - MOST_FORMS_PER_WINDOW) + reading.nameless;
    const resumeFrom = new Date(window.to.getTime() + 1);
    const done = { listed: listed.size, seen: [...listed, ...found], unlistable, requests: requests + reading.requests + looked.requests, resumeFrom };
    await this.notes.close(run, done);
  }

  private async readWindow(run: SweepRun, window: Window, first: Answered<FormsPage>): Promise<Reading> {
    const listed = new Set<string>();
    let shrank = false;
    let requests = 0;
    let nameless = await this.land(run, first, listed);
    for (const offset of furtherOffsets(first.value.totalCount)) {
      const page = await this.source.formsBought(run.session, window, offset);
      requests += 1;
      shrank ||= page.value.totalCount < first.value.totalCount;
      nameless += await this.land(run, page, listed);
      if (page.value.forms.length < FORMS_PER_PAGE) break;
    }
    return { listed, requests, shrank, nameless };
  }

  /** @returns how many entries named no order */
  private async land({ session, certificate }: SweepRun, page: Answered<FormsPage>, listed: Set<string>): Promise<number> {
    const forms = page.value.forms.map((form) => ({ form, observedAt: page.observedAt, traceId: page.traceId }));
    const orderIds = ordersOf(forms);
    await this.landing.land(session, { journal: [], forms, owed: [], cursor: null, isListing: true }, (tx, recorded) =>
      this.notes.recorded(tx, certificate.id, recorded),
    );
    await this.notes.notLanded(session.accountId, certificate, orderIds);
    for (const orderId of orderIds) listed.add(orderId);
    return forms.length - orderIds.length;
  }
}
