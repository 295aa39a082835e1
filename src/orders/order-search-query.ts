import { type BoundSql, BoundParameters } from './bound-sql.js';
import { type FlagFilter, flagConditions } from './order-list-query.js';
import type { Wanted } from './search-wanted.js';

/** Whose orders are searched, and which part of the answer is shown. */
export interface SearchPlace extends FlagFilter {
  readonly accountId: string;
  readonly limit: number;
  readonly offset: number;
}

/** As many as the largest page: of more matches the newest count, or a common name would score an account's every order. */
export const MOST_MATCHES = 1_000;
/** Read in a few milliseconds, and enough to tell a common word from a rare one. */
const WALKED = 3_000;

/** The one row of either statement. */
export interface SearchedRow {
  /** Matches among the orders looked at. */
  readonly found: number;
  /** Matches in all, those known by themselves included. */
  readonly total: number;
  /** Stream and score of the page's orders, the best first. */
  readonly hits: readonly (readonly [streamId: string, score: number])[];
  /** Seconds since 1970; null when every order was looked at. */
  readonly newestAt: number | null;
  readonly edgeAt: number | null;
}

const NEWEST_FIRST = 'order by ordered_at desc, stream_id desc';
const BEST_FIRST = 'order by score desc, ordered_at desc, stream_id desc';

class SearchSql {
  readonly bound = new BoundParameters();
  readonly account: string;
  readonly flags: readonly string[];

  constructor(
    private readonly place: SearchPlace,
    private readonly wanted: Wanted,
  ) {
    this.account = this.bound.add(place.accountId);
    this.flags = flagConditions(place, 'f', this.bound);
  }

  /** Whatever meets one of the conditions of `from`, the newest first. */
  matches(from: string, conditions: readonly string[], score = this.wanted.score(this.bound)): string {
    return `(select s.stream_id, s.ordered_at, (${score})::float8 as score from ${from} where ${conditions.join(' and ')} order by s.ordered_at desc, s.stream_id desc
      limit ${String(MOST_MATCHES)})`;
  }

  get withFlags(): string {
    return this.flags.length === 0 ? 'order_search s' : 'order_search s join order_technical_flags f on f.stream_id = s.stream_id';
  }

  /** Exact things are asked of their own indexes, apart from the words: among a thousand newer matches they would not be found. */
  private exact(): string {
    const { exact } = this.wanted;
    if (exact === null) return '';
    const text = this.bound.add(exact.text);
    const account = `s.account_id = ${this.account}`;
    const keys = `s.keys @> array['@' || ${this.account}::bigint] and s.keys && ${this.bound.add(exact.codes)}::text[] and s.account_id + 0 = ${this.account}`;
    const wholeId = `s.stream_id = (select stream_id from event_log.streams where account_id = ${this.account} and order_id = ${text})`;
    const ways = [`${account} and s.email = ${text} and not s.is_replaced`, `${account} and s.login = ${text} and not s.is_replaced`, keys];
    const found = ways.map((way) => this.matches(this.withFlags, [way, ...this.flags]));
    return [...found, this.matches(this.withFlags, [wholeId, ...this.flags], '1')].map((select) => ` union all ${select}`).join('');
  }

  statement(matches: string, ends: string): BoundSql {
    const limit = Math.max(0, Math.min(this.place.limit, MOST_MATCHES - this.place.offset));
    const sql = `with looked as materialized ${matches},
      known as materialized (select distinct on (stream_id) * from (select * from looked${this.exact()}) k order by stream_id, score desc),
      page as (select * from known ${BEST_FIRST} limit ${this.bound.add(limit)} offset ${this.bound.add(this.place.offset)})
      select (select count(*) from looked)::int as found, (select least(count(*), ${String(MOST_MATCHES)}) from known)::int as total,
        (select coalesce(json_agg(json_build_array(stream_id::text, score) ${BEST_FIRST}), '[]') from page) as hits, ${ends}`;
    return { sql, params: this.bound.values };
  }
}

/** Looks at the newest orders, whatever they hold: all that a common word needs. With flags, at the newest that have them. */
export function walkedQuery(place: SearchPlace, wanted: Wanted): BoundSql {
  const sql = new SearchSql(place, wanted);
  const [rows, newest] = walkOf(sql);
  const matches = sql.matches(`(${rows}) s`, [`(${wanted.condition(sql.bound)})`]);
  const at = (offset: number) => `(select extract(epoch from ordered_at) from (${newest} ${NEWEST_FIRST} offset ${String(offset)} limit 1) e)::float8`;
  return sql.statement(matches, `${at(0)} as "newestAt", ${at(WALKED - 1)} as "edgeAt"`);
}

function walkOf({ account, flags }: SearchSql): readonly [rows: string, newest: string] {
  if (flags.length === 0) {
    const from = `from order_search where account_id = ${account} and not is_replaced`;
    return [`select * ${from} ${NEWEST_FIRST} limit ${String(WALKED)}`, `select ordered_at, stream_id ${from}`];
  }
  const flagged = `from order_technical_flags f where ${[`f.account_id = ${account}`, ...flags].join(' and ')}`;
  const rows = `select s.* from (select stream_id, ordered_at ${flagged} ${NEWEST_FIRST} limit ${String(WALKED)}) w
    join order_search s on s.stream_id = w.stream_id where not s.is_replaced`;
  return [rows, `select ordered_at, stream_id ${flagged}`];
}

/**
 * Every order under one of the keys, by the index of keys and trigrams. The account is in the keys, and asked for once more of the rows in a way
 * that no index answers: an index of the account alone would read all of it.
 */
export function indexedQuery(place: SearchPlace, wanted: Wanted, keys: readonly string[]): BoundSql {
  const sql = new SearchSql(place, wanted);
  const conditions = [`s.keys && ${sql.bound.add(keys)}::text[]`, `s.account_id + 0 = ${sql.account}`, `(${wanted.condition(sql.bound)})`, ...sql.flags];
  return sql.statement(sql.matches(sql.withFlags, conditions), 'null::float8 as "newestAt", null::float8 as "edgeAt"');
}

/** What is found by itself and nothing else. */
export function exactQuery(place: SearchPlace, wanted: Wanted): BoundSql {
  const nothing = '(select null::bigint as stream_id, null::timestamptz as ordered_at, null::float8 as score where false)';
  return new SearchSql(place, wanted).statement(nothing, 'null::float8 as "newestAt", null::float8 as "edgeAt"');
}

/** Of each word: whether a word of the account's orders begins with it, and what it resembles. */
export function wordsQuery(accountId: string, words: readonly string[]): BoundSql {
  const sql = `select t.word, array(select nearest_words($1, t.word, ${String(MOST_CANDIDATES)})) as candidates,
      exists (select from order_words w where w.account_id = $1 and w.word >= t.word and w.word < t.word || chr(1114111)) as "isHeld"
    from unnest($2::text[]) t (word)`;
  return { sql, params: [accountId, words] };
}

/** By trigrams, which tell little of short words; those few are compared letter by letter. */
const MOST_CANDIDATES = 40;
