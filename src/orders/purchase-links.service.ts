import { Injectable } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { recordingTime } from '../platform/event-log/append-plan.js';
import { EventLog, VersionConflict } from '../platform/event-log/event-log.js';
import type { Fence, NewEvent } from '../platform/event-log/events.js';
import type { Head } from '../platform/event-log/heads.js';
import { isLostRace } from '../platform/event-log/lost-race.js';
import { evolveFlags, type FlagsState, UNSET_FLAGS } from '../technical-flags/flags.events.js';
import { TechnicalFlags } from '../technical-flags/technical-flags.service.js';
import { announcedItems, holdersOf, ordersToLink, storeLink, type StreamRef, streamsById, streamsOf } from './line-items.store.js';
import { planLink } from './link-events.js';
import { purchasesOf, successorOf } from './merged-purchases.js';
import { loadContents } from './orders.store.js';

/** Races are with people's commands on the same orders only; three tries outlast them. */
const MAX_TRIES = 3;

/** Parents and the order that replaced them. */
interface Link {
  readonly successor: StreamRef;
  readonly parents: readonly StreamRef[];
}

export interface LinkRequest {
  readonly accountId: string;
  readonly fence: Fence | null;
  readonly causationId: string;
  /** Orders whose form Allegro no longer answers. */
  readonly gone: readonly string[];
}

/** Links purchases that were paid together: the orders that are gone to the one that holds their line items now. */
@Injectable()
export class PurchaseLinks {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly flags: TechnicalFlags,
  ) {}

  /**
   * Links what the account owes; again changes nothing.
   * @returns the orders that were replaced
   * @throws Problem `WRITE_CONFLICT` (409, retry now)
   */
  async link(request: LinkRequest): Promise<string[]> {
    const links = await this.database.transaction((tx) => this.findLinks(tx, request));
    for (const link of links) await this.establish(request, link);
    return links.flatMap(({ parents }) => parents.map(({ orderId }) => orderId));
  }

  /** Whether line items were taken from orders that are not linked yet. */
  async isOwed(accountId: string): Promise<boolean> {
    return (await this.database.transaction((tx) => ordersToLink(tx, accountId))).length > 0;
  }

  private async findLinks(tx: Transaction, { accountId, gone }: LinkRequest): Promise<Link[]> {
    const moved = await ordersToLink(tx, accountId);
    const lost = await streamsOf(tx, accountId, gone);
    const candidates = [...new Map([...moved, ...lost].map((ref) => [ref.streamId, ref])).values()];
    if (candidates.length === 0) return [];
    const items = await this.itemsOf(tx, candidates);
    const holders = await holdersOf(tx, accountId, [...items.values()].flat());
    const isGone = new Set(gone);
    const replaced = new Map<string, StreamRef[]>();
    for (const parent of candidates) {
      const successor = successorOf({ streamId: parent.streamId, items: items.get(parent.streamId) ?? [], isGone: isGone.has(parent.orderId) }, holders);
      if (successor !== null) replaced.set(successor, [...(replaced.get(successor) ?? []), parent]);
    }
    const successors = await streamsById(tx, [...replaced.keys()]);
    return successors.map((successor) => ({ successor, parents: replaced.get(successor.streamId) ?? [] }));
  }

  /** What was bought, by stream: from the form, or from the journal where the form was gone before anybody read it. */
  private async itemsOf(tx: Transaction, streams: readonly StreamRef[]): Promise<Map<string, string[]>> {
    const streamIds = streams.map(({ streamId }) => streamId);
    const contents = await loadContents(tx, streamIds);
    const announced = await announcedItems(
      tx,
      streamIds.filter((streamId) => !contents.has(streamId)),
    );
    return new Map(streamIds.map((streamId) => [streamId, purchasesOf(contents.get(streamId)?.merged.form ?? {}).concat(announced.get(streamId) ?? [])]));
  }

  private async establish(request: LinkRequest, link: Link): Promise<void> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      try {
        await this.database.transaction((tx) => this.establishOnce(tx, request, link));
        return;
      } catch (error) {
        if (!isLostRace(error)) throw error;
      }
    }
    throw new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'Other changes to the same orders came first three times; ask again.' });
  }

  private async establishOnce(tx: Transaction, { accountId, fence, causationId }: LinkRequest, { successor, parents }: Link): Promise<void> {
    const flagsBefore = new Map<string, FlagsState>();
    const streams = [...parents, successor];
    const questions = streams.map(({ orderId }) => ({
      orderId,
      dedupKeys: streams.flatMap((other) => [`merge:into:${other.orderId}`, `merge:from:${other.orderId}`]),
    }));
    const heads = await this.log.load(tx, accountId, questions);
    for (const { orderId, streamId } of streams) flagsBefore.set(orderId, await this.flags.stateOf(tx, streamId));
    const plan = planLink({
      successor: successor.orderId,
      parents: parents.map(({ orderId }) => orderId),
      flags: flagsBefore,
      at: [...heads.values()][0]?.clock ?? new Date(),
      causationId,
    });
    const fresh = streams
      .map(({ orderId }) => ({ orderId, events: freshEvents(plan.events.get(orderId) ?? [], heads.get(orderId)) }))
      .filter(({ events }) => events.length > 0);
    const appends = fresh.map(({ orderId, events }) => ({ orderId, events, announce: { topics: ['order.merged'], changed: [] } }));
    const opened = await this.log.append(tx, { accountId, fence, heads, appends });
    if (opened.length < appends.length) throw new VersionConflict();
    for (const { orderId, events } of fresh)
      await this.projectFlags(tx, streams, { orderId, events, before: flagsBefore.get(orderId) ?? UNSET_FLAGS, head: heads.get(orderId) });
    await storeLink(tx, accountId, { successor, parents, attention: plan.attention });
  }

  /** Parents come first: an invoice id must have left them before the successor takes it. */
  private async projectFlags(
    tx: Transaction,
    streams: readonly StreamRef[],
    stream: { orderId: string; events: readonly NewEvent[]; before: FlagsState; head: Head | undefined },
  ): Promise<void> {
    const streamId = streams.find(({ orderId }) => orderId === stream.orderId)?.streamId;
    const { head, events, before } = stream;
    if (streamId === undefined || !head) return;
    const after = events.reduce(
      (state, event, index) => evolveFlags(state, { ...event, version: head.version + index + 1, recordedAt: recordingTime(head) }),
      before,
    );
    if (after !== before) await this.flags.restore(tx, streamId, after);
  }
}

/** A stream that knows of its merge already takes nothing of it again. */
function freshEvents(events: readonly NewEvent[], head: Head | undefined): NewEvent[] {
  const merges = events.filter((event) => event.dedupKey.startsWith('merge:') && !event.dedupKey.startsWith('merge:flags:'));
  return merges.every((event) => head?.knownKeys.has(event.dedupKey) === true) ? [] : events.filter((event) => head?.knownKeys.has(event.dedupKey) !== true);
}
