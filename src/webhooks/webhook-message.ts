import { WEBHOOK_DISABLED, WEBHOOK_PING } from './event-types.js';

/** An event for one receiver, by ids and paths. */
export interface WebhookEvent {
  readonly id: string;
  readonly webhookId: string;
  readonly topic: string;
  /** The webhook that `webhook.disabled` tells of. */
  readonly subjectId: string | null;
  readonly accountId: string | null;
  /** The token that leads the account now. */
  readonly tokenId: string | null;
  /** Empty for what concerns the account itself, null for what concerns no account. */
  readonly orderId: string | null;
  readonly version: number | null;
  readonly sequence: string | null;
  readonly changed: readonly string[];
  readonly announcedAt: Date;
}

/** `webhook-id` of the specification: the same over all attempts and replays, without a full stop, which separates what is signed. */
export const messageIdOf = (deliveryId: string): string => `msg_${deliveryId.replaceAll('-', '')}`;

/** @returns null when the text is no id of a message */
export function deliveryIdOf(messageId: string): string | null {
  const found = /^msg_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(messageId);
  return found ? found.slice(1).join('-') : null;
}

function ofAccount(event: WebhookEvent): object {
  return {
    account_id: event.accountId,
    token_id: event.tokenId,
    order_id: event.orderId === '' ? null : event.orderId,
    version: event.version,
    sequence: Number(event.sequence),
    changed: event.changed,
  };
}

function dataOf(event: WebhookEvent): object {
  if (event.topic === WEBHOOK_PING) return { webhook_id: event.webhookId };
  if (event.topic === WEBHOOK_DISABLED) return { webhook_id: event.subjectId };
  return ofAccount(event);
}

/** What a full payload says beside the ids and paths. */
export interface OrderContents {
  /** What the event changed: `path`, `from`, `to`. */
  readonly diff: readonly object[];
  /** The order as JSON text. */
  readonly order: string;
}

/**
 * The body: `type`, `timestamp` of the event, `data`.
 * @param contents null: the payload is thin, or there is no such order
 */
export function messageBody(event: WebhookEvent, contents: OrderContents | null): string {
  const data = JSON.stringify(dataOf(event));
  const whole = contents === null ? data : `${data.slice(0, -1)},"diff":${JSON.stringify(contents.diff)},"order":${contents.order}}`;
  return `{"type":${JSON.stringify(event.topic)},"timestamp":${JSON.stringify(event.announcedAt.toISOString())},"data":${whole}}`;
}
