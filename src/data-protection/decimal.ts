import type { JsonValue } from '../core/json.js';

/** Digits behind the point that are compared; money has two, Allegro once sent four. */
const SCALE = 6;
const DECIMAL = /^(\d{1,18})(?:\.(\d{1,6})\d*)?$/;

/** An amount in millionths, exactly; null for what is no plain decimal ("1e3", "12,50", negative): nothing is concluded from it. */
export function millionths(amount: JsonValue | undefined): bigint | null {
  const [, whole, fraction = ''] = DECIMAL.exec(typeof amount === 'number' ? String(amount) : typeof amount === 'string' ? amount.trim() : '') ?? [];
  return whole === undefined ? null : BigInt(whole + fraction.padEnd(SCALE, '0'));
}
