import { Injectable } from '@nestjs/common';
import type { Answered } from '../allegro/call-context.js';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { belongsTo, boughtAt, furtherOffsets, halve, MOST_FORMS_PER_WINDOW, type Window } from './history-windows.js';
import { ordersOf } from './form-entry.js';
import { Landing } from './landing.service.js';
import { type FormsPage, OrderSource } from './order-source.service.js';
import { sweepSoon } from './sweep-schedules.store.js';
import type { SyncSession } from './sync-session.js';

/** Told, inside the landing transaction, that everything bought until `until` has landed. */
export type Checkpoint = (tx: Transaction, until: Date) => Promise<void>;

/** Reads what Allegro lists between two instants of purchase, oldest first, in windows no larger than Allegro can page through. */
@Injectable()
export class HistoryImport {
  constructor(
    private readonly source: OrderSource,
    private readonly landing: Landing,
    private readonly database: Database,
    private readonly effects: EffectSeam,
  ) {}

  /**
   * @param onProgress share of the span that has landed, 0 to 1
   * @throws AllegroProblem when Allegro did not answer; what landed stays and the checkpoint stands behind it
   */
  async import(session: SyncSession, span: Window, checkpoint: Checkpoint, onProgress?: (fraction: number) => Promise<void>): Promise<void> {
    const waiting: Window[] = [span];
    for (let window = waiting.shift(); window; window = waiting.shift()) {
      const first = await this.page(session, window, 0);
      const halves = first.value.totalCount > MOST_FORMS_PER_WINDOW ? halve(window) : null;
      if (halves) {
        waiting.unshift(...halves);
        continue;
      }
      await this.importWindow(session, { window, first, checkpoint });
      await onProgress?.(landedShare(span, window.to));
    }
  }

  /** Ends an import with one last write. */
  async finish(work: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.effects.perform('history.finish', () => this.database.transaction(work));
  }

  /** The next page is asked for while the last one lands. */
  private async importWindow(session: SyncSession, part: { window: Window; first: Answered<FormsPage>; checkpoint: Checkpoint }): Promise<void> {
    const offsets = furtherOffsets(part.first.value.totalCount);
    let page: Answered<FormsPage> | null = part.first;
    while (page) {
      const current: Answered<FormsPage> = page;
      const offset = offsets.shift();
      const next: Promise<Answered<FormsPage> | null> = offset === undefined ? Promise.resolve(null) : this.page(session, part.window, offset);
      const until: Date | null = offset === undefined ? part.window.to : lastPurchase(current);
      const [nextPage, landed]: [PromiseSettledResult<Answered<FormsPage> | null>, PromiseSettledResult<void>] = await Promise.allSettled([
        next,
        this.land(session, current, until && ((tx) => part.checkpoint(tx, until))),
      ]);
      if (landed.status === 'rejected') throw landed.reason;
      if (nextPage.status === 'rejected') throw nextPage.reason;
      page = nextPage.value;
    }
  }

  private async land(session: SyncSession, page: Answered<FormsPage>, alsoCommit: ((tx: Transaction) => Promise<void>) | null): Promise<void> {
    const forms = page.value.forms.map((form) => ({ form, observedAt: page.observedAt, traceId: page.traceId }));
    const isWhole = ordersOf(forms).length === forms.length;
    await this.landing.land(session, { journal: [], forms, owed: [], cursor: null, isListing: true }, async (tx) => {
      // What an entry without an order's id should have been is found by a sweep: it asks for everything again, and says what it could not read.
      if (!isWhole) await sweepSoon(tx, session.accountId);
      await alsoCommit?.(tx);
    });
  }

  private async page(session: SyncSession, window: Window, offset: number): Promise<Answered<FormsPage>> {
    const page = await this.source.formsBought(session, window, offset);
    if (!page.value.forms.every((form) => belongsTo(window, boughtAt(form)))) throw filterIgnored(page.traceId);
    return page;
  }
}

/** Pages come oldest purchase first: with this one, everything bought before its last form has landed. */
function lastPurchase(page: Answered<FormsPage>): Date | null {
  const last = page.value.forms.at(-1);
  return last ? boughtAt(last) : null;
}

function landedShare(span: Window, until: Date): number {
  const whole = span.to.getTime() - span.from.getTime();
  return whole <= 0 ? 1 : Math.min(1, (until.getTime() - span.from.getTime()) / whole);
}

function filterIgnored(traceId: string | null): Problem {
  return new Problem('ALLEGRO_FILTER_IGNORED', {
    status: 503,
    retry: 'later',
    detail: 'Allegro listed orders outside the asked dates; nothing of that answer was used.',
    extra: { allegro_trace_id: traceId },
  });
}
