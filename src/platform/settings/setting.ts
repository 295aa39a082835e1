import type { Bounds } from '../config/environment-reader.js';
import type { Configuration } from '../config/configuration.js';

/** What one setting is; it is declared beside the code that reads it. */
interface SettingTerms extends Bounds {
  /** Group and name; ends in its unit where it has one. */
  readonly name: `${string}.${string}`;
  readonly unit: string;
  readonly type: 'integer' | 'decimal';
  /** One sentence for operators: what it decides. */
  readonly sentence: string;
  /** The variable of the environment that says another default for this installation. */
  readonly environment?: { readonly variable: string; readonly value: (configuration: Configuration) => number };
}

/** One value for the whole installation. */
export interface InstallationSetting extends SettingTerms {
  readonly perTenant: false;
}

/** A value for the installation, which an operator may replace for single tenants. */
export interface TenantSetting extends SettingTerms {
  readonly perTenant: true;
}

export type Setting = InstallationSetting | TenantSetting;

/** Why a value is not accepted, as the rest of a sentence that begins with "must be"; null when it is. */
export function flawOf({ type, min, max }: Pick<Setting, 'type' | 'min' | 'max'>, value: unknown): string | null {
  const isOfType = type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (isOfType && (value as number) >= min && (value as number) <= max) return null;
  return `must be a ${type === 'integer' ? 'whole number' : 'number'} from ${String(min)} to ${String(max)}`;
}

export function isAccepted(setting: Setting, value: unknown): value is number {
  return flawOf(setting, value) === null;
}
