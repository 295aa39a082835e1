import type { TenantSetting } from '../platform/settings/setting.js';

const OF_TENANT = { type: 'integer', perTenant: true } as const;

/** Seven a day while files are kept for a week; each may be as large as the account. */
export const KEPT_FILES: TenantSetting = {
  ...OF_TENANT,
  name: 'exports.kept_files',
  unit: 'files',
  fallback: 50,
  min: 1,
  max: 10_000,
  sentence: 'A tenant has so many export files at most; more are refused until one is deleted or expires.',
};

/** One that runs and one that was begun again; more would share the same database. */
export const STREAMS_AT_ONCE: TenantSetting = {
  ...OF_TENANT,
  name: 'exports.streams_at_once',
  unit: 'exports',
  fallback: 2,
  min: 1,
  max: 20,
  sentence: 'So many direct exports of a tenant are sent at once by each process.',
};
