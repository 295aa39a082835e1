import type { JsonObject } from '../../core/json.js';

/** The order id of the stream that holds what belongs to an account and to no order. */
export const ACCOUNT_STREAM = '';

/** Where an event comes from: Allegro's journal verbatim, a checkout form we read, or this service itself. */
export type EventSource = 'journal' | 'form' | 'service';

/** An event to append. Personal data in `payload` is sealed on the way in. */
export interface NewEvent {
  readonly type: string;
  readonly source: EventSource;
  readonly schemaVersion?: number;
  /** Unique in its stream: appending the same key again changes nothing. */
  readonly dedupKey: string;
  /** When it happened, by Allegro's clock for what Allegro told us. */
  readonly occurredAt: Date;
  /** When we fetched it. */
  readonly observedAt: Date;
  readonly payload: JsonObject;
  /** Who caused it: `sync`, or the caller of the API. */
  readonly actor: string;
  readonly causationId?: string;
  /** Allegro's Trace-Id of the answer it came in. */
  readonly traceId?: string;
  readonly ownKey?: OwnKey;
}

/** An event of an account's stream that is a buyer's: sealed under a key of its own, since the stream's key belongs to no buyer. */
export interface OwnKey {
  /** Null when nothing tells who the buyer is. */
  readonly buyerRef: Buffer | null;
  /** Nothing personal of it is kept. */
  readonly isErased: boolean;
}

/** A checkout form an event carries: what the stream's head remembers to recognise the same form again. */
export interface FormContent {
  /** Keyed hash of the non-personal part, then of the personal part (64 bytes). */
  readonly hash: Buffer;
  readonly revision: string | null;
}

/** What consumers are told of an append: event types such as `order.updated`, and the paths that changed. Never values. */
export interface Announcement {
  readonly topics: readonly string[];
  readonly changed: readonly string[];
}

/** The events one transaction appends to one stream; all of a stream go together, so that feed order equals version order. */
export interface StreamAppend {
  readonly orderId: string;
  readonly events: readonly NewEvent[];
  /** Set when the last of `events` is a checkout form. */
  readonly content?: FormContent;
  /** Keyed reference of the order's buyer, when known. */
  readonly buyerRef?: Buffer;
  readonly announce?: Announcement;
}

/** An event as stored, personal data joined again (or shown as erased). */
export interface RecordedEvent {
  readonly streamId: string;
  readonly version: number;
  readonly orderId: string;
  readonly type: string;
  readonly source: EventSource;
  readonly schemaVersion: number;
  readonly dedupKey: string;
  readonly occurredAt: Date;
  readonly observedAt: Date;
  readonly recordedAt: Date;
  readonly payload: JsonObject;
  readonly actor: string;
  readonly causationId: string | null;
  readonly traceId: string | null;
}

/** The writer's lease an append is fenced by: an older generation is refused. */
export interface Fence {
  readonly generation: string;
}
