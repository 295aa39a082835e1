import type { Transaction } from '../platform/database/transaction.js';
import type { ErasureLedger, IsErased } from '../platform/erasure/erasure-ledger.js';
import type { EventLog } from '../platform/event-log/event-log.js';
import { ACCOUNT_STREAM, type StreamAppend } from '../platform/event-log/events.js';
import type { Head, OpenedStream } from '../platform/event-log/heads.js';
import { buyerReference } from '../platform/vault/buyer-reference.js';
import { recallErased, withErasedHeads, withOwnKeys } from './erased-readings.store.js';
import type { StreamReadings } from './group-readings.js';
import { holdLineItems } from './line-items.store.js';
import type { OrderContent } from './order.js';
import { mergedDocument } from './merge-order.js';
import { announcementOf } from './order-topics.js';
import { loadContents, projectOrders } from './orders.store.js';
import { oweShipments } from './owed-shipments.store.js';
import { type NewReadings, newReadings, planJournal, planRecording, type RecordingPlan } from './plan-recording.js';
import type { FailedReading, RecordBatch, RecordResult } from './record-batch.js';
import { sentMark } from './sent-mark.js';

/** What one transaction did with its streams. */
export interface Landing {
  readonly result: RecordResult;
  /** Streams that met another writer or have to be repaired first: nothing of them was written. */
  readonly again: readonly StreamReadings[];
  /** Orders among them whose projection is behind the log. */
  readonly unprojected: readonly string[];
}

interface PlannedStream {
  readonly readings: NewReadings;
  readonly before: OrderContent | null;
  readonly plan: RecordingPlan;
  readonly failed: FailedReading | null;
}

function headOf(heads: ReadonlyMap<string, Head>, orderId: string): Head {
  const head = heads.get(orderId);
  if (!head) throw new Error(`the log answered no head for stream "${orderId}"`);
  return head;
}

/** The log holds a form of this order, but its projection does not know it. */
function isBehind({ head, forms }: NewReadings, contents: ReadonlyMap<string, OrderContent>): boolean {
  if (forms.length === 0 || head.contentVersion === null) return false;
  return (contents.get(head.streamId ?? '')?.version ?? 0) < head.contentVersion;
}

function planStream(readings: NewReadings, content: OrderContent | null, batch: RecordBatch): PlannedStream {
  const origin = { actor: batch.actor, ...(batch.causationId === undefined ? {} : { causationId: batch.causationId }) };
  try {
    return { readings, before: content, plan: planRecording(readings, content, origin), failed: null };
  } catch (error) {
    const failed = { orderId: readings.orderId, reason: `the form cannot be folded: ${(error as Error).message}` };
    return { readings, before: content, plan: planJournal(readings, origin), failed };
  }
}

const documentOf = (content: OrderContent) => mergedDocument(content.merged).document;

interface Buyers {
  readonly ledger: ErasureLedger;
  readonly isErased: IsErased;
}

function toAppend({ readings, before, plan }: PlannedStream, accountId: string, { ledger, isErased }: Buyers): StreamAppend {
  if (readings.orderId === ACCOUNT_STREAM) return { orderId: ACCOUNT_STREAM, events: withOwnKeys(plan.events, ledger, accountId, isErased) };
  const buyerRef = buyerReference(ledger.keys, accountId, plan.buyer);
  const announce = plan.content && announcementOf(before && documentOf(before), documentOf(plan.content));
  return {
    ...(announce ? { announce } : {}),
    orderId: readings.orderId,
    events: plan.events,
    ...(plan.formContent ? { content: plan.formContent } : {}),
    ...(buyerRef ? { buyerRef } : {}),
  };
}

function summary(landed: readonly PlannedStream[]): RecordResult {
  const withForms = landed.filter(({ plan }) => plan.content !== null);
  const ids = (isNew: boolean) => withForms.filter(({ readings }) => (readings.head.contentVersion === null) === isNew).map(({ readings }) => readings.orderId);
  const count = (of: (stream: PlannedStream) => number) => landed.reduce((sum, stream) => sum + of(stream), 0);
  return {
    created: ids(true),
    updated: ids(false),
    unchanged: count(({ readings }) => (readings.forms.length === 0 && readings.formsKnown > 0 ? 1 : 0)),
    journalAppended: count(({ readings }) => readings.journal.length),
    journalKnown: count(({ readings }) => readings.journalKnown),
    failed: landed.flatMap(({ failed }) => (failed ? [failed] : [])),
  };
}

/**
 * Loads heads, drops what is known, folds, appends and projects the streams whose gate opened: one transaction, nothing written before the load.
 * An empty list of streams still checks the batch's fence.
 */
export async function landStreams(
  tx: Transaction,
  { log, ledger }: { log: EventLog; ledger: ErasureLedger },
  batch: RecordBatch,
  streams: readonly StreamReadings[],
): Promise<Landing> {
  const { accountId, fence } = batch;
  const questions = streams.map(({ orderId, journal }) => ({ orderId, dedupKeys: journal.map(({ dedupKey }) => dedupKey) }));
  const loaded = streams.length === 0 ? new Map<string, Head>() : await log.load(tx, accountId, questions);
  const isErased = await recallErased(tx, ledger, accountId, streams);
  const heads = withErasedHeads(loaded, streams, isErased);
  const fresh = streams.map((readings) => newReadings(readings, headOf(heads, readings.orderId)));
  const contents = await loadContents(
    tx,
    fresh.flatMap(({ head, forms }) => (forms.length > 0 && head.streamId !== null ? [head.streamId] : [])),
  );
  const unprojected = new Set(fresh.filter((readings) => isBehind(readings, contents)).map(({ orderId }) => orderId));
  const planned = fresh
    .filter(({ orderId }) => !unprojected.has(orderId))
    .map((readings) => planStream(readings, contents.get(readings.head.streamId ?? '') ?? null, batch));
  const moving = planned.filter(({ plan }) => plan.events.length > 0);
  const opened = await log.append(tx, { accountId, fence, heads, appends: moving.map((stream) => toAppend(stream, accountId, { ledger, isErased })) });
  const projected = projections(planned, opened);
  await projectOrders(tx, accountId, projected);
  await holdLineItems(tx, accountId, projected);
  const openedIds = new Set(opened.map(({ orderId }) => orderId));
  await oweShipments(tx, accountId, newlySent(planned.filter(({ readings }) => openedIds.has(readings.orderId))));
  const landed = planned.filter(({ plan, readings }) => plan.events.length === 0 || openedIds.has(readings.orderId));
  const landedIds = new Set(landed.map(({ readings }) => readings.orderId));
  return { result: summary(landed), again: streams.filter(({ orderId }) => !landedIds.has(orderId)), unprojected: [...unprojected] };
}

/** Orders that are sent further than their form before said. */
function newlySent(landed: readonly PlannedStream[]): string[] {
  const markOf = (content: OrderContent | null) => content && sentMark(documentOf(content));
  return landed
    .filter(({ before, plan }) => {
      const mark = markOf(plan.content);
      return mark !== null && mark !== markOf(before);
    })
    .map(({ readings }) => readings.orderId);
}

function projections(planned: readonly PlannedStream[], opened: readonly OpenedStream[]) {
  const contents = new Map(planned.map(({ readings, plan }) => [readings.orderId, plan.content]));
  return opened.flatMap(({ orderId, streamId }) => {
    const content = contents.get(orderId);
    return content ? [{ streamId, orderId, content }] : [];
  });
}
