/** What a receiver can subscribe to, by the names the append announces them with. */
export const EVENT_TYPES = [
  'order.created',
  'order.updated',
  'order.ready_for_processing',
  'order.cancelled',
  'order.merged',
  'order.flags_changed',
  'account.needs_reauth',
  'account.recovered',
  'sync.paused',
  'sync.resumed',
  'webhook.disabled',
] as const;

/** Told to the other webhooks of a tenant when one of them was switched off because of its receiver. */
export const WEBHOOK_DISABLED = 'webhook.disabled';
/** A test somebody asked for; nobody subscribes to it. */
export const WEBHOOK_PING = 'webhook.ping';
