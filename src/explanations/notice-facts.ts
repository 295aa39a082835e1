import type { OrderNotice } from '../platform/notices/keepers-of-notices.js';
import { fact, type Fact } from './fact.js';

export interface NoticeFacts {
  readonly past: readonly Fact[];
  readonly next: readonly Fact[];
}

const receiverOf = ({ receiverId, receiverName, eventType, version, attempts, lastStatus }: OrderNotice) => {
  return { webhook_id: receiverId, webhook_name: receiverName, event_type: eventType, about_version: version, attempts, last_status: lastStatus };
};

function pastFact(notice: OrderNotice): Fact {
  const when = { at: notice.endedAt ?? notice.owedSince, ...(notice.version === null ? {} : { version: notice.version }) };
  if (notice.state === 'delivered') return fact('webhook_told', receiverOf(notice), when);
  return fact('webhook_given_up', { ...receiverOf(notice), last_outcome: notice.lastOutcome }, when);
}

const nextFact = (notice: OrderNotice): Fact =>
  fact('webhook_owed', { ...receiverOf(notice), next_attempt_at: notice.nextAttemptAt, last_outcome: notice.lastOutcome });

/** Which receivers were told of an order, which were not, and which will be; `most` of the newest notices, and that there are more. */
export function noticeFacts(newestFirst: readonly OrderNotice[], most: number): NoticeFacts {
  const told = newestFirst.slice(0, most).toReversed();
  const omitted = newestFirst.length > most ? [fact('earlier_webhooks_left_out', { count: most })] : [];
  return {
    past: [...omitted, ...told.filter(({ state }) => state !== 'owed').map(pastFact)],
    next: told.filter(({ state }) => state === 'owed').map(nextFact),
  };
}
