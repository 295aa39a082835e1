interface Entry {
  readonly status: number;
  /** The `title` of the problem document: the same for every occurrence. */
  readonly title: string;
}

const entry = <Status extends number>(status: Status, title: string) => ({ status, title }) satisfies Entry;

/**
 * Every code a failure of this service can carry, with its HTTP status. A new one is added here and to docs/errors.md,
 * which a test compares with this list; an entry is never renamed, programs branch on it.
 */
export const PROBLEMS = {
  ACCESS_TOKEN_INVALID: entry(401, 'Access token invalid'),
  ACCESS_TOKEN_REQUIRED: entry(401, 'Access token required'),
  ACCOUNT_MISMATCH: entry(409, 'Account mismatch'),
  ACCOUNT_NAME_TAKEN: entry(409, 'Account name taken'),
  ADDRESS_TOO_LONG: entry(414, 'Address too long'),
  ALLEGRO_ACCOUNT_PAUSED: entry(503, 'Allegro account paused'),
  ALLEGRO_ADDRESS_REFUSED: entry(503, 'Allegro address refused'),
  ALLEGRO_ANSWER_TOO_LARGE: entry(502, 'Allegro answer too large'),
  ALLEGRO_BLOCKED: entry(503, 'Allegro blocked'),
  ALLEGRO_BUDGET_SPENT: entry(503, 'Allegro budget spent'),
  ALLEGRO_BUDGET_UNREACHABLE: entry(503, 'Allegro budget unreachable'),
  ALLEGRO_CANCELLED: entry(503, 'Allegro cancelled'),
  ALLEGRO_CIRCUIT_OPEN: entry(503, 'Allegro circuit open'),
  ALLEGRO_CLIENT_REFUSED: entry(502, 'Allegro client refused'),
  ALLEGRO_FILTER_IGNORED: entry(503, 'Allegro filter ignored'),
  ALLEGRO_FORBIDDEN: entry(502, 'Allegro forbidden'),
  ALLEGRO_MALFORMED: entry(502, 'Allegro malformed'),
  ALLEGRO_REJECTED: entry(502, 'Allegro rejected'),
  ALLEGRO_SLOW: entry(503, 'Allegro slow'),
  ALLEGRO_THROTTLED: entry(503, 'Allegro throttled'),
  ALLEGRO_TLS_REFUSED: entry(503, 'Allegro tls refused'),
  ALLEGRO_UNAUTHORIZED: entry(502, 'Allegro unauthorized'),
  ALLEGRO_UNAVAILABLE: entry(503, 'Allegro unavailable'),
  ALREADY_ACTIVE: entry(400, 'Already active'),
  AUTOSYNC_NOT_ACTIVE: entry(404, 'Autosync not active'),
  /** Also what the framework refuses with another 4xx. */
  BAD_REQUEST: entry<number>(400, 'Bad request'),
  BODY_NOT_JSON: entry(400, 'Body not json'),
  BODY_TOO_LARGE: entry(413, 'Body too large'),
  BUYER_NOT_NAMED: entry(422, 'Buyer not named'),
  CERTIFICATE_NOT_FOUND: entry(404, 'Certificate not found'),
  CLAIM_LOST: entry(409, 'Claim lost'),
  CONSENT_DENIED: entry(409, 'Consent denied'),
  DATABASE_UNAVAILABLE: entry(503, 'Database unavailable'),
  DEVICE_CODE_EXPIRED: entry(409, 'Device code expired'),
  DEVICE_CODE_INVALID: entry(409, 'Device code invalid'),
  DEVICE_CODE_NOT_FOUND: entry(404, 'Device code not found'),
  ERASURE_NOT_FOUND: entry(404, 'Erasure not found'),
  FAILED_ORDER_NOT_FOUND: entry(404, 'Failed order not found'),
  FEED_CURSOR_EXPIRED: entry(410, 'Feed cursor expired'),
  FLAGS_CHANGED: entry(412, 'Flags changed'),
  FORM_HELD: entry(409, 'Form held'),
  IDEMPOTENCY_KEY_IN_FLIGHT: entry(409, 'Idempotency key in flight'),
  IDEMPOTENCY_KEY_REUSED: entry(422, 'Idempotency key reused'),
  IDEMPOTENT_ANSWER_FORGOTTEN: entry(409, 'Idempotent answer forgotten'),
  IDENTITY_REFUSED: entry(409, 'Identity refused'),
  INTERNAL_ERROR: entry(500, 'Internal error'),
  INVOICE_ID_TAKEN: entry(409, 'Invoice id taken'),
  LINK_CANCELLED: entry(409, 'Link cancelled'),
  LINK_FAILED: entry(409, 'Link failed'),
  LINK_IN_PROGRESS: entry(409, 'Link in progress'),
  LINK_STOPPED: entry(409, 'Link stopped'),
  MEDIA_TYPE_NOT_SUPPORTED: entry(415, 'Media type not supported'),
  NOTHING_TO_CHANGE: entry(422, 'Nothing to change'),
  NOTHING_TO_VERIFY: entry(404, 'Nothing to verify'),
  NOT_SERVED_HERE: entry(404, 'Not served here'),
  NOTHING_TO_RESTORE: entry(409, 'Nothing to restore'),
  ORDER_CLAIMED: entry(409, 'Order claimed'),
  ORDER_NOT_FOUND: entry(404, 'Order not found'),
  ORDER_REPEATED: entry(422, 'Order repeated'),
  QUARANTINE_ITEM_DECIDED: entry(409, 'Quarantine item decided'),
  QUARANTINE_ITEM_NOT_FOUND: entry(404, 'Quarantine item not found'),
  QUARANTINE_ITEM_NOT_RELEASABLE: entry(409, 'Quarantine item not releasable'),
  QUEUE_UNAVAILABLE: entry(503, 'Queue unavailable'),
  RATE_LIMITED: entry(429, 'Rate limited'),
  REASON_NAMES_BUYER: entry(422, 'Reason names buyer'),
  RESTORE_PLAN_APPLIED: entry(409, 'Restore plan applied'),
  RESTORE_PLAN_EXPIRED: entry(409, 'Restore plan expired'),
  RESTORE_PLAN_NOT_FOUND: entry(404, 'Restore plan not found'),
  RESTORE_PLAN_OUTDATED: entry(409, 'Restore plan outdated'),
  RESTORE_REFUSED: entry(409, 'Restore refused'),
  ROLE_TOO_LOW: entry(403, 'Role too low'),
  ROUTE_NOT_FOUND: entry(404, 'Route not found'),
  SEARCH_TOO_BROAD: entry(503, 'Search too broad'),
  SYNC_NOT_PAUSED: entry(409, 'Sync not paused'),
  SYNC_PAUSED: entry(409, 'Sync paused'),
  TASK_FINISHED: entry(409, 'Task finished'),
  TASK_NOT_FOUND: entry(404, 'Task not found'),
  TASK_NOT_RETRYABLE: entry(409, 'Task not retryable'),
  TEXT_NOT_ACCEPTED: entry(400, 'Text not accepted'),
  TOKEN_DEACTIVATED: entry(409, 'Token deactivated'),
  TOKEN_NEEDS_REAUTH: entry(409, 'Token needs reauth'),
  TOKEN_NOT_FOUND: entry(404, 'Token not found'),
  TOKEN_REFRESH_BUSY: entry(503, 'Token refresh busy'),
  TOKEN_REFRESH_POSTPONED: entry(503, 'Token refresh postponed'),
  TOKEN_REFUSED: entry(422, 'Token refused'),
  TOOK_TOO_LONG: entry(503, 'Took too long'),
  TOO_MANY_LINKS: entry(429, 'Too many links'),
  TOO_MANY_REFUSALS: entry(429, 'Too many refusals'),
  VALIDATION_FAILED: entry(422, 'Validation failed'),
  VALUE_NOT_ACCEPTED: entry(400, 'Value not accepted'),
  VERIFICATION_ADDRESS_REFUSED: entry(502, 'Verification address refused'),
  WEBHOOK_ADDRESS_REFUSED: entry(400, 'Webhook address refused'),
  WEBHOOK_DELIVERY_NOT_FOUND: entry(404, 'Webhook delivery not found'),
  WEBHOOK_DISABLED: entry(409, 'Webhook disabled'),
  WEBHOOK_LIMIT_REACHED: entry(409, 'Webhook limit reached'),
  WEBHOOK_NOT_FOUND: entry(404, 'Webhook not found'),
  WEBHOOK_REPLAY_RUNNING: entry(409, 'Webhook replay running'),
  WRITE_CONFLICT: entry(409, 'Write conflict'),
  WRONG_ENVIRONMENT: entry(409, 'Wrong environment'),
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** The status of a code. */
export type StatusOf<Code extends string> = Code extends ProblemCode ? (typeof PROBLEMS)[Code]['status'] : never;

/** All codes with that status. */
export type CodeOf<Status extends number> = { [Code in ProblemCode]: StatusOf<Code> extends Status ? Code : never }[ProblemCode];

/** What the compiler says to whoever uses a code that is not listed. */
export type Listed<Code extends string> = Code extends ProblemCode ? Code : 'add this code to src/core/problem-catalogue.ts and docs/errors.md';
