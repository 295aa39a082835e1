import type { Configuration } from './configuration.js';
import type { EnvironmentReader } from './environment-reader.js';

const LONGEST_DAYS = 3_650;
/** A month of ended tasks answers "what ran, and what failed"; older ones say nothing the log of events does not say better. */
export const TASK_DAYS = { fallback: 30, min: 1, max: LONGEST_DAYS };
/** A quarter of runs, so that a season can be compared with the one before it. */
export const SYNC_RUN_DAYS = { fallback: 90, min: 1, max: LONGEST_DAYS };
/** An integration that was switched off for a month of holidays still finds every change when it comes back. */
export const CHANGE_DAYS = { fallback: 30, min: 1, max: LONGEST_DAYS };
/** A year of closed alerts shows which trouble comes back each season; there are few of them. */
export const ALERT_DAYS = { fallback: 365, min: 1, max: LONGEST_DAYS };
/** As long as the announcements that a replay can bring back. */
export const DELIVERY_DAYS = { fallback: 30, min: 1, max: LONGEST_DAYS };

export function readRetention(reader: EnvironmentReader): Configuration['retention'] {
  return {
    taskDays: reader.integer('RETENTION_TASK_DAYS', TASK_DAYS),
    syncRunDays: reader.integer('RETENTION_SYNC_RUN_DAYS', SYNC_RUN_DAYS),
    changeDays: reader.integer('RETENTION_CHANGE_DAYS', CHANGE_DAYS),
    alertDays: reader.integer('RETENTION_ALERT_DAYS', ALERT_DAYS),
    deliveryDays: reader.integer('RETENTION_DELIVERY_DAYS', DELIVERY_DAYS),
  };
}
