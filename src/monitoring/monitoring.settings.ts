import { ALERT_DAYS } from '../platform/config/retention-settings.js';
import { ALERT_AFTER_LOOKS, CLEAR_AFTER_LOOKS, MONITOR_INTERVAL_SECONDS } from '../platform/config/protection-settings.js';
import { keptDays } from '../platform/retention/kept-days.js';
import type { InstallationSetting } from '../platform/settings/setting.js';
import { DEFAULT_FINDING_LIMITS } from './findings.js';
import { DEFAULT_FRESHNESS } from './freshness.js';

const WHOLE = { type: 'integer', perTenant: false } as const;
/** A day of turns: an account that waits for longer is of no use to anybody. */
const INTERVALS = { ...WHOLE, unit: 'intervals', min: 1, max: 1_440 } as const;
const MINUTES = { ...WHOLE, unit: 'minutes', min: 0, max: 1_440 } as const;

export const KEPT_ALERTS = keptDays({
  name: 'retention.alert_days',
  bounds: ALERT_DAYS,
  variable: 'RETENTION_ALERT_DAYS',
  of: 'alertDays',
  sentence: 'Alerts that closed so many days ago are deleted.',
});

export const MONITOR_INTERVAL: InstallationSetting = {
  ...WHOLE,
  name: 'monitoring.interval_seconds',
  unit: 'seconds',
  ...MONITOR_INTERVAL_SECONDS,
  environment: { variable: 'MONITOR_INTERVAL_SECONDS', value: ({ monitoring }) => monitoring.intervalSeconds },
  sentence: 'All accounts are looked at, and alerts told, every so many seconds.',
};

export const HYSTERESIS_SETTINGS = {
  raiseAfter: {
    ...WHOLE,
    name: 'alerts.raise_after_looks',
    unit: 'looks',
    ...ALERT_AFTER_LOOKS,
    environment: { variable: 'ALERT_AFTER_LOOKS', value: ({ monitoring }) => monitoring.raiseAfter },
    sentence: 'So many bad looks in a row open an alert.',
  },
  clearAfter: {
    ...WHOLE,
    name: 'alerts.clear_after_looks',
    unit: 'looks',
    ...CLEAR_AFTER_LOOKS,
    environment: { variable: 'CLEAR_AFTER_LOOKS', value: ({ monitoring }) => monitoring.clearAfter },
    sentence: 'So many good looks in a row close an alert.',
  },
} satisfies Record<string, InstallationSetting>;

export const FINDING_SETTINGS = {
  newlyOwed: {
    ...WHOLE,
    name: 'alerts.owed_orders',
    unit: 'orders within an hour',
    fallback: DEFAULT_FINDING_LIMITS.newlyOwed,
    min: 1,
    max: 100_000,
    sentence: 'So many orders of an account that could not be read are an alert.',
  },
  newlyHeld: {
    ...WHOLE,
    name: 'alerts.held_documents',
    unit: 'documents within an hour',
    fallback: DEFAULT_FINDING_LIMITS.newlyHeld,
    min: 1,
    max: 100_000,
    sentence: 'So many documents of an account that were put into quarantine are an alert.',
  },
  daysLeft: {
    ...WHOLE,
    name: 'alerts.expiry_days',
    unit: 'days',
    fallback: DEFAULT_FINDING_LIMITS.daysLeft,
    min: 1,
    max: 60,
    sentence: "Fewer days than these until something of an account passes out of Allegro's reach are an alert.",
  },
  horizonSeconds: {
    ...WHOLE,
    name: 'alerts.horizon_seconds',
    unit: 'seconds',
    fallback: DEFAULT_FINDING_LIMITS.horizonSeconds,
    min: 60,
    max: 86_400,
    sentence: 'A transaction that has held the readers of the log back for longer is an alert.',
  },
} satisfies Record<string, InstallationSetting>;

export const FRESHNESS_SETTINGS = {
  lateIntervals: {
    ...INTERVALS,
    name: 'freshness.late_intervals',
    fallback: DEFAULT_FRESHNESS.lateIntervals,
    sentence: 'An account whose last good sync is older than so many of its intervals, and the slack, is late.',
  },
  lateSlackMinutes: {
    ...MINUTES,
    name: 'freshness.late_slack_minutes',
    fallback: DEFAULT_FRESHNESS.lateSlackMinutes,
    sentence: 'So many minutes beyond its intervals before an account is late.',
  },
  stalledIntervals: {
    ...INTERVALS,
    name: 'freshness.stalled_intervals',
    fallback: DEFAULT_FRESHNESS.stalledIntervals,
    sentence: 'An account whose last good sync is older than so many of its intervals, and the slack, is stalled, which is an alert.',
  },
  stalledSlackMinutes: {
    ...MINUTES,
    name: 'freshness.stalled_slack_minutes',
    fallback: DEFAULT_FRESHNESS.stalledSlackMinutes,
    sentence: 'So many minutes beyond its intervals before an account is stalled.',
  },
} satisfies Record<string, InstallationSetting>;
