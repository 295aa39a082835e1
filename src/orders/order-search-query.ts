import { compactNumber, foldText } from './fold-text.js';
import { type BoundSql, BoundParameters } from './bound-sql.js';
import { type FlagFilter, flagConditions } from './order-list-query.js';
import { ID_HEAD } from './search-row.js';

export interface SearchRequest extends FlagFilter {
  readonly accountId: string;
  readonly query: string;
}

/** What a query was understood as. */
interface SearchTerms {
  readonly whole: string;
  readonly words: readonly string[];
  /** The query as a number without punctuation, where it is one. */
  readonly number: string | null;
  /** The query as the beginning of an order's id, where it can be one. */
  readonly idPrefix: string | null;
}

/** As many as the largest page: of more matches the newest count, or a common name would score an account's every order. */
const MOST_MATCHES = 1_000;
/** More words narrow nothing further. */
const MOST_WORDS = 8;
/** Two swapped letters in a name of six leave 0.43; pg_trgm's own 0.6 would miss them, and below 0.4 everything is alike. */
const LEAST_SIMILARITY = 0.4;

/**
 * Likeness costs a hundred times what the planner believes: it would compare every order instead of asking the trigram index, and compare
 * all of the column's sampled values to estimate how many are alike. So neither is left to it.
 */
export const SIMILAR_SETTINGS = `select set_config('pg_trgm.word_similarity_threshold', '${String(LEAST_SIMILARITY)}', true),
  set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;

const ID_PREFIX = /^[0-9a-f]{3,8}$|^[0-9a-f]{8}-[0-9a-f-]{0,27}$/;

export function searchTerms(query: string): SearchTerms {
  const whole = foldText(query);
  return { whole, words: whole.split(' ').slice(0, MOST_WORDS), number: compactNumber(whole), idPrefix: ID_PREFIX.test(whole) ? whole : null };
}

const likeText = (text: string) => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

/** Every word somewhere in the text, or the number, or the head of the id: each way is answered by the trigram index. */
function containsCondition({ words, number, idPrefix }: SearchTerms, bound: BoundParameters): string {
  const contains = (text: string) => `s.text like ${bound.add(`%${likeText(text)}%`)}`;
  const ways = [words.map(contains).join(' and ')];
  if (number !== null) ways.push(contains(number));
  if (idPrefix !== null && idPrefix.length > ID_HEAD)
    ways.push(`${contains(idPrefix.slice(0, ID_HEAD))} and o.order_id like ${bound.add(`${likeText(idPrefix)}%`)}`);
  return ways.map((way) => `(${way})`).join(' or ');
}

/**
 * The relevance of a match, by the strongest thing that holds:
 * 1 the order's whole id · 0.95 the whole e-mail address or login · 0.9 a whole external id, phone, tax or parcel number ·
 * 0.85 the beginning of the order's id · 0.8 a name, or a word of one, begins with the query · 0.6 every word stands somewhere.
 */
function containedScore({ whole, number, idPrefix }: SearchTerms, bound: BoundParameters): string {
  const text = bound.add(whole);
  const codes = bound.add(number === null ? [whole] : [whole, number]);
  const prefix = bound.add(`${likeText(idPrefix ?? whole)}%`);
  const name = bound.add(`% ${likeText(whole)}%`);
  return `case when o.order_id = ${text} then 1 when ${text} in (s.email, s.login) then 0.95 when s.codes && ${codes}::text[] then 0.9
    when o.order_id like ${prefix} then 0.85 when s.names like ${name} then 0.8 else 0.6 end`;
}

/** Exact things are asked of their own B-trees, apart from the words: among a thousand newer matches they would not be found. */
function exactMatches({ whole }: SearchTerms, account: string, bound: BoundParameters): string {
  const text = bound.add(whole);
  return `select stream_id from event_log.streams where account_id = ${account} and order_id = ${text}
    union all select stream_id from order_search where account_id = ${account} and email = ${text}
    union all select stream_id from order_search where account_id = ${account} and login = ${text}`;
}

interface Parts {
  readonly matches: (bound: BoundParameters, account: string) => string;
  readonly score: (bound: BoundParameters) => string;
}

function ranked(request: SearchRequest, { matches, score }: Parts): BoundSql {
  const bound = new BoundParameters();
  const account = bound.add(request.accountId);
  const found = matches(bound, account);
  const sql = `with found as materialized (${found}),
    scored as (
      select o.stream_id, o.ordered_at, ${score(bound)}::float8 as score
      from (select distinct stream_id from found) m join orders o using (stream_id) join order_search s using (stream_id)
        join order_technical_flags f using (stream_id)
      where ${[`o.account_id = ${account}`, ...flagConditions(request, 'f', bound)].join(' and ')})
    select stream_id as "streamId", score from scored order by score desc, ordered_at desc, stream_id desc limit ${bound.add(MOST_MATCHES)}`;
  return { sql, params: bound.values };
}

/** The account is named on orders only: named on the searched rows as well it would force the trigram index for words that half the account holds. */
function newest(request: SearchRequest, account: string, bound: BoundParameters, condition: string): string {
  const flags = flagConditions(request, 'f', bound);
  const join = flags.length === 0 ? '' : ' join order_technical_flags f using (stream_id)';
  return `select o.stream_id from orders o join order_search s using (stream_id)${join}
    where ${[`o.account_id = ${account}`, 'o.merged_into is null', `(${condition})`, ...flags].join(' and ')} order by o.ordered_at desc, o.stream_id desc limit ${bound.add(MOST_MATCHES)}`;
}

/** Orders that hold what was asked for, best first. */
export function containedQuery(request: SearchRequest, terms: SearchTerms): BoundSql {
  return ranked(request, {
    matches: (bound, account) => `(${newest(request, account, bound, containsCondition(terms, bound))}) union all (${exactMatches(terms, account, bound)})`,
    score: (bound) => containedScore(terms, bound),
  });
}

/**
 * Orders with something alike in their text, for a query with a slip in it: at most 0.5, so never before a match.
 * To be run under {@link SIMILAR_SETTINGS}.
 */
export function similarQuery(request: SearchRequest, { whole }: SearchTerms): BoundSql {
  return ranked(request, {
    matches: (bound, account) => `select o.stream_id
      from (select stream_id from order_search where account_id = ${account} and ${bound.add(whole)} <% text limit ${bound.add(MOST_MATCHES)}) alike
        join orders o using (stream_id) where o.merged_into is null`,
    score: (bound) => `0.5 * word_similarity(${bound.add(whole)}, s.text)`,
  });
}
