import type { JsonValue } from '../core/json.js';

/** A number long or scientific enough that a double may not hold it; text inside strings may match too, which only costs time. */
const PERHAPS_LOSSY_NUMBER = /[:,[]\s*-?(?:[\d.]{16,}|[\d.]+[eE])/;

type SourceReviver = (key: string, value: JsonValue, context: { source?: string }) => JsonValue;

const parseWithSource = JSON.parse as (text: string, reviver?: SourceReviver) => JsonValue;

/**
 * Parses JSON without losing digits: a number that a double cannot hold stays as its text.
 * Everything else is what JSON.parse gives, in the order of the keys.
 * @throws SyntaxError whose message may quote the text: never show it.
 */
export function parseJsonText(text: string): JsonValue {
  if (!PERHAPS_LOSSY_NUMBER.test(text)) return parseWithSource(text);
  return parseWithSource(text, (_key, value, context) => {
    if (typeof value !== 'number' || context.source === undefined) return value;
    return isExact(context.source, value) ? value : context.source;
  });
}

function isExact(source: string, value: number): boolean {
  return Number.isFinite(value) && significantDigits(source) === significantDigits(String(value));
}

/** Digits without sign, point, exponent and outer zeros: equal digits mean that nothing was rounded away. */
function significantDigits(number: string): string {
  const mantissa = number.split(/[eE]/)[0] ?? '';
  return mantissa.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
}
