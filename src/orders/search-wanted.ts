import type { BoundParameters } from './bound-sql.js';
import type { NearWord } from './near-words.js';
import { ID_HEAD } from './search-row.js';
import type { SearchTerms } from './search-terms.js';

/** What rows `s` of `order_search` are wanted, in SQL. */
export interface Wanted {
  readonly condition: (bound: BoundParameters) => string;
  /** 0 to 1, of a row that meets the condition. */
  readonly score: (bound: BoundParameters) => string;
  /** What is found by itself, wherever it lies; null where nothing is. */
  readonly exact: { readonly text: string; readonly codes: readonly string[] } | null;
}

/** One word of a query with a slip in it, and what it may have been meant for. */
export type Alternatives = readonly NearWord[];

const likeText = (text: string) => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

/** What holds no three letters or digits in a row has no trigram: asked of the index it would read the index from end to end. */
const isIndexed = (text: string) => /[\p{L}\p{N}]{3}/u.test(text);

const contains = (text: string, bound: BoundParameters) => `${isIndexed(text) ? 's.text' : `(s.text || '')`} like ${bound.add(`%${likeText(text)}%`)}`;

const idBegins = (prefix: string, bound: BoundParameters) =>
  prefix.length <= ID_HEAD
    ? `s.text like ${bound.add(`${likeText(prefix)}%`)}`
    : `exists (select from orders o where o.stream_id = s.stream_id and o.order_id like ${bound.add(`${likeText(prefix)}%`)})`;

/** Every word somewhere in the text, or the number, or the beginning of the id. */
function containsCondition({ whole, words, number, idPrefix }: SearchTerms, bound: BoundParameters): string {
  const ways = [words.map((word) => contains(word, bound)).join(' and ')];
  if (number !== null && number !== whole) ways.push(contains(number, bound));
  if (idPrefix !== null && idPrefix.length > ID_HEAD) ways.push(`${contains(idPrefix.slice(0, ID_HEAD), bound)} and ${idBegins(idPrefix, bound)}`);
  return ways.map((way) => `(${way})`).join(' or ');
}

const codesOf = ({ whole, number }: SearchTerms) => (number === null ? [whole] : [whole, number]);

/**
 * The relevance of a match, by the strongest thing that holds (of a whole order id, 1, the statement says itself):
 * 0.95 the whole e-mail address or login · 0.9 a whole external id, phone, tax or parcel number ·
 * 0.85 the beginning of the order's id · 0.8 a name, or a word of one, begins with the query · 0.6 every word stands somewhere.
 */
function containedScore(terms: SearchTerms, bound: BoundParameters): string {
  const { whole, idPrefix } = terms;
  const text = bound.add(whole);
  const begins = idPrefix === null ? '' : `when ${idBegins(idPrefix, bound)} then 0.85`;
  return `case when ${text} in (s.email, s.login) then 0.95 when s.codes && ${bound.add(codesOf(terms))}::text[] then 0.9
    ${begins} when s.names like ${bound.add(`% ${likeText(whole)}%`)} then 0.8 else 0.6 end`;
}

/** Orders that hold what was asked for. */
export function contained(terms: SearchTerms): Wanted {
  return {
    condition: (bound) => containsCondition(terms, bound),
    score: (bound) => containedScore(terms, bound),
    exact: { text: terms.whole, codes: codesOf(terms) },
  };
}

/** Letters and digits only, so nothing in them means something to a regular expression. */
const oneOf = (words: Alternatives, bound: BoundParameters) => {
  const [only] = words;
  return words.length === 1 && only ? contains(only.word, bound) : `s.text ~ ${bound.add(words.map(({ word }) => word).join('|'))}`;
};

const bestOf = (words: Alternatives, bound: BoundParameters) =>
  `(select coalesce(max(c.similarity), 0) from unnest(${bound.add(words.map(({ word }) => word))}::text[],
    ${bound.add(words.map(({ similarity }) => similarity))}::float8[]) c (word, similarity) where strpos(s.text, c.word) > 0)`;

/**
 * Orders that hold, of each word, one it may have been meant for: at most 0.5, so never before a match.
 * @param count of the words asked for, those included that are like nothing
 */
export function alike(words: readonly Alternatives[], count: number): Wanted {
  return {
    condition: (bound) => words.map((alternatives) => oneOf(alternatives, bound)).join(' and '),
    score: (bound) => `0.5 * (${words.map((alternatives) => bestOf(alternatives, bound)).join(' + ')}) / ${String(count)}`,
    exact: null,
  };
}
