import { compactNumber, foldText } from './fold-text.js';
import { ID_HEAD } from './search-row.js';

/** What a query was understood as. */
export interface SearchTerms {
  readonly whole: string;
  readonly words: readonly string[];
  /** The query as a number without punctuation, where it is one. */
  readonly number: string | null;
  /** The query as the beginning of an order's id, where it can be one. */
  readonly idPrefix: string | null;
  /** Runs of letters or digits: what slips are looked for in. */
  readonly tokens: readonly string[];
}

/** More words narrow nothing further. */
const MOST_WORDS = 8;

const ID_PREFIX = new RegExp(`^[0-9a-f]{3,${String(ID_HEAD)}}$|^[0-9a-f]{${String(ID_HEAD)}}-[0-9a-f-]{0,27}$`);

export function searchTerms(query: string): SearchTerms {
  const whole = foldText(query);
  const tokens = [...new Set(whole.match(/\p{L}+|\p{N}+/gu) ?? [])].slice(0, MOST_WORDS);
  const words = whole.split(' ').slice(0, MOST_WORDS);
  return { whole, words, number: compactNumber(whole), idPrefix: ID_PREFIX.test(whole) ? whole : null, tokens };
}
