import type { Configuration } from '../config/configuration.js';
import type { Bounds } from '../config/environment-reader.js';
import type { InstallationSetting } from '../settings/setting.js';

interface KeptRows {
  readonly name: `retention.${string}_days`;
  readonly bounds: Bounds;
  readonly variable: string;
  /** Its value among the environment's. */
  readonly of: keyof Configuration['retention'];
  readonly sentence: string;
}

/** The setting that says after how many days rows which are over and done with go. */
export function keptDays({ name, bounds, variable, of, sentence }: KeptRows): InstallationSetting {
  const environment = { variable, value: ({ retention }: Configuration) => retention[of] };
  return { name, unit: 'days', type: 'integer', ...bounds, perTenant: false, environment, sentence };
}
