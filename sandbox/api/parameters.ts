import { invalid } from '../http/error-replies.js';
import type { Exchange } from '../http/exchange.js';
import type { Reply } from '../http/reply.js';

/** Thrown where a parameter is refused; carries the answer. */
export class Refusal extends Error {
  readonly answer: Reply;

  constructor(answer: Reply) {
    super('the request is refused');
    this.answer = answer;
  }
}

interface Range {
  readonly smallest: number;
  readonly greatest: number;
  readonly fallback: number;
}

/** A whole number within its range, or a 422 as Allegro answers it. */
export function wholeNumber(exchange: Exchange, name: string, range: Range): number {
  const text = exchange.query.get(name);
  if (text === null) return range.fallback;
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.smallest && value <= range.greatest) return value;
  const limits = `${String(range.smallest)} to ${String(range.greatest)}`;
  throw new Refusal(invalid(exchange.path, `Parameter ${name} must be a number from ${limits}`));
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Milliseconds of an ISO 8601 time with its offset, null when absent; a 422 for anything else. */
export function instantParameter(exchange: Exchange, name: string): number | null {
  const text = exchange.query.get(name);
  if (text === null) return null;
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new Refusal(invalid(exchange.path, `Parameter ${name} is not a date and time in ISO 8601 with an offset`));
}
