import { Injectable } from '@nestjs/common';
import type { JsonValue } from '../core/json.js';
import { Problem } from '../core/problem.js';
import { eventId, isLastPage, isNewerEvent, itemsWithoutForm, mentionedOrders, mustRead, newestEventId, orderOfEvent } from './drain.js';
import { FormReader, type ReadForms } from './form-reader.service.js';
import { Landing } from './landing.service.js';
import { OrderSource } from './order-source.service.js';
import { putAside } from './owed-form.js';
import { overlapStart, readSince } from './overlap.js';
import { StartPoint } from './start-point.service.js';
import type { SyncSession } from './sync-session.js';
import { SyncState } from './sync-state.read-model.js';

/** Owed forms tried again in one run: a few pages' worth, so that a long list does not hold the journal up. */
const RETRIES_PER_RUN = 50;

/** Reads an account's journal to its end; what it mentions is read once and lands together with the cursor. */
@Injectable()
export class IncrementalSync {
  constructor(
    private readonly source: OrderSource,
    private readonly state: SyncState,
    private readonly reader: FormReader,
    private readonly landing: Landing,
    private readonly startPoint: StartPoint,
  ) {}

  /** @throws AllegroProblem when Allegro did not answer; what landed before it stays, the cursor stands behind it */
  async run(session: SyncSession): Promise<void> {
    const cursor = await this.startPoint.ensure(session);
    let from = overlapStart(cursor, new Date());
    const rereading = from !== cursor.lastEventId;
    for (;;) {
      const page = await this.source.events(session, from);
      session.tally.eventsRead += page.value.length;
      if (page.value.length > 0) await this.land(session, page);
      from = placeBehind(page, from);
      if (isLastPage(page.value)) break;
    }
    if (rereading || cursor.overlapEventId === null) await this.landing.keepOverlap(session, from);
    await this.retryOwed(session);
  }

  private async land(session: SyncSession, page: { value: JsonValue[]; observedAt: Date; traceId: string | null }): Promise<void> {
    const fresh = await this.unknownEvents(session, page.value);
    const mentioned = mentionedOrders(fresh);
    const held = await this.state.heldRevisions(
      session.accountId,
      mentioned.map((order) => order.orderId),
    );
    const changed = mentioned.filter((order) => mustRead(order, held.get(order.orderId) ?? null));
    const wanted = { orderIds: changed.map((order) => order.orderId), lineItemIds: itemsWithoutForm(fresh) };
    const isPaused = await this.landing.isPaused(session);
    const forms = isPaused ? allPutAside(wanted.orderIds) : await this.reader.read(session, wanted, readSince(fresh, page.observedAt));
    const journal = fresh.map((event) => ({ event, observedAt: page.observedAt, traceId: page.traceId }));
    await this.landing.land(session, { journal, forms: forms.found, owed: forms.owed, cursor: newestEventId(page.value) });
  }

  /** Events read again behind the cursor are known and cost nothing more. */
  private async unknownEvents(session: SyncSession, events: JsonValue[]): Promise<JsonValue[]> {
    const asked = events.flatMap((event) => {
      const [about, id] = [orderOfEvent(event), eventId(event)];
      return about && id !== null ? [{ orderId: about.orderId, eventId: id }] : [];
    });
    const known = await this.state.knownEventIds(session.accountId, asked);
    return events.filter((event) => !known.has(eventId(event) ?? ''));
  }

  private async retryOwed(session: SyncSession): Promise<void> {
    if (await this.landing.isPaused(session)) return;
    const due = await this.state.dueForms(session.accountId, RETRIES_PER_RUN);
    if (due.length === 0) return;
    const forms = await this.reader.read(session, { orderIds: due.map((form) => form.orderId), lineItemIds: [] }, new Date());
    await this.landing.land(session, { journal: [], forms: forms.found, owed: forms.owed, cursor: null });
  }
}

/** @throws Problem for a full page without a newer event: it promises another one for ever, at the cost of the account's lease and budget */
function placeBehind(page: { value: JsonValue[]; traceId: string | null }, from: string | null): string | null {
  const newest = newestEventId(page.value);
  if (isLastPage(page.value)) return newest ?? from;
  if (newest !== null && isNewerEvent(newest, from)) return newest;
  const detail = 'Allegro answered events it had answered before instead of those behind them; the journal is read on later.';
  throw new Problem('ALLEGRO_FILTER_IGNORED', { status: 503, retry: 'later', detail, extra: { allegro_trace_id: page.traceId } });
}

/** While the account is paused its journal is captured, and what it mentions is read when the account goes on. */
function allPutAside(orderIds: readonly string[]): ReadForms {
  return { found: [], owed: orderIds.map(putAside) };
}
