import { SYNC_CONCURRENCY } from '../config/server-settings.js';
import type { InstallationSetting } from '../settings/setting.js';

export const TURNS_AT_ONCE: InstallationSetting = {
  name: 'jobs.turns_at_once',
  unit: 'turns',
  type: 'integer',
  ...SYNC_CONCURRENCY,
  perTenant: false,
  environment: { variable: 'SYNC_CONCURRENCY', value: ({ sync }) => sync.concurrency },
  sentence: 'So many syncs and tasks of different accounts run at once in each process that works.',
};
