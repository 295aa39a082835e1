import type { InstallationSetting } from '../platform/settings/setting.js';
import { DEFAULT_PROTECTION } from './protection-thresholds.js';

const { guard, breaker } = DEFAULT_PROTECTION;

/** Enough for any shop: more would be no protection any more. */
const COUNT = { type: 'integer', min: 1, max: 10_000, perTenant: false } as const;
const SHARE = { unit: 'share', type: 'decimal', min: 0.01, max: 1, perTenant: false } as const;

/** What operators may change of the rules that hold a single form. */
export const GUARD_SETTINGS = {
  totalJumpFactor: {
    name: 'protection.total_jump_factor',
    unit: 'factor',
    type: 'decimal',
    fallback: guard.totalJumpFactor,
    min: 1.1,
    max: 1_000,
    perTenant: false,
    sentence: 'The form of a paid order whose total grows or shrinks by more than this factor is put into quarantine.',
  },
} satisfies Record<string, InstallationSetting>;

/** What operators may change of the rules that hold a whole batch and pause the account. */
export const BREAKER_SETTINGS = {
  leastHeld: {
    ...COUNT,
    name: 'protection.least_held_orders',
    unit: 'orders',
    fallback: breaker.leastHeld,
    sentence: 'So many known orders have to lose something, at least, before that is a pattern which pauses the account.',
  },
  heldShare: {
    ...SHARE,
    name: 'protection.held_share',
    fallback: breaker.heldShare,
    sentence: 'This share of what was read has to lose something, at least, before that is a pattern which pauses the account.',
  },
  leastCancelled: {
    ...COUNT,
    name: 'protection.least_cancelled_orders',
    unit: 'orders',
    fallback: breaker.leastCancelled,
    sentence: 'So many paid orders have to be cancelled at once, at least, before the account is paused.',
  },
  cancelledShare: {
    ...SHARE,
    name: 'protection.cancelled_share',
    fallback: breaker.cancelledShare,
    sentence: 'This share of what was read has to be a cancelled paid order, at least, before the account is paused.',
  },
  leastForeign: {
    ...COUNT,
    name: 'protection.least_foreign_readings',
    unit: 'readings',
    fallback: breaker.leastForeign,
    sentence: 'So many readings that belong to another seller pause the account.',
  },
  windowMinutes: {
    name: 'protection.window_minutes',
    unit: 'minutes',
    type: 'integer',
    fallback: breaker.windowMinutes,
    min: 1,
    max: 1_440,
    perTenant: false,
    sentence: 'Small batches of one account are added up over so many minutes.',
  },
} satisfies Record<string, InstallationSetting>;
