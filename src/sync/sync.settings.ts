import { SYNC_RUN_DAYS } from '../platform/config/retention-settings.js';
import { SWEEP_DAYS } from '../platform/config/server-settings.js';
import { keptDays } from '../platform/retention/kept-days.js';
import type { InstallationSetting, TenantSetting } from '../platform/settings/setting.js';

export const KEPT_SYNC_RUNS = keptDays({
  name: 'retention.sync_run_days',
  bounds: SYNC_RUN_DAYS,
  variable: 'RETENTION_SYNC_RUN_DAYS',
  of: 'syncRunDays',
  sentence: 'Syncs that ended so many days ago are deleted from the history; the last good one of each account stays.',
});

export const SWEPT_DAYS: InstallationSetting = {
  name: 'sync.sweep_days',
  unit: 'days',
  type: 'integer',
  ...SWEEP_DAYS,
  perTenant: false,
  environment: { variable: 'SWEEP_DAYS', value: ({ sync }) => sync.sweepDays },
  sentence: 'Purchases of so many days are compared with Allegro daily, and all of them weekly; 0 compares only when asked.',
};

/** From the contract: a minute to a day. */
export const SHORTEST_INTERVAL: TenantSetting = {
  name: 'sync.shortest_interval_minutes',
  unit: 'minutes',
  type: 'integer',
  fallback: 1,
  min: 1,
  max: 1_440,
  perTenant: true,
  sentence: 'An automatic sync cannot be activated with a shorter interval; those that are active keep theirs.',
};
