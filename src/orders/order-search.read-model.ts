import { Injectable } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { Database, type Query } from '../platform/database/database.js';
import type { FlagFilter } from './order-list-query.js';
import { type Alternatives, alike, contained, type Wanted } from './search-wanted.js';
import { nearWords } from './near-words.js';
import { exactQuery, indexedQuery, MOST_MATCHES, type SearchedRow, type SearchPlace, walkedQuery, wordsQuery } from './order-search-query.js';
import { type SearchTerms, searchTerms } from './search-terms.js';
import { accountKey, windowKeys } from './search-window.js';

/** Longer than any search of a million orders measured took; a caller waits 10 s at most, and other requests need the connection. */
const SEARCH_TIMEOUT_MS = 1_500;
/**
 * Of words the planner knows no frequency, and of a plan that is kept not even the words: it would read whole tables for what half an account might
 * hold. Which orders are read is decided by what a walk over the newest found; of those, rows are looked up one by one.
 */
export const SEARCH_SETTINGS = {
  statement_timeout: String(SEARCH_TIMEOUT_MS),
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  // Many search at once: a second core for one of them is taken from the next, and what is read in milliseconds is not worth compiling.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
};
const TIMED_OUT = '57014';

export interface SearchRequest extends FlagFilter {
  readonly accountId: string;
  readonly query: string;
}

/** `contains`: everything asked for stands in the orders; `similar`: nothing did, these hold something alike. */
type SearchType = 'contains' | 'similar';

/** `total` counts the matches, of more than 1,000 the newest 1,000. */
interface FoundOrders {
  /** Those of the page, best first. */
  readonly hits: readonly Hit[];
  readonly total: number;
  readonly type: SearchType;
}

interface Hit {
  readonly streamId: string;
  /** 0 to 1. */
  readonly score: number;
}

interface WordRow {
  readonly word: string;
  readonly isHeld: boolean;
  readonly candidates: readonly string[];
}

const NOTHING: SearchedRow = { found: 0, total: 0, hits: [], newestAt: null, edgeAt: null };

/** Two decimals tell what a score is made of; more would be noise. */
const rounded = (score: number) => Math.round(score * 100) / 100;

@Injectable()
export class OrderSearch {
  constructor(private readonly database: Database) {}

  /**
   * Orders that match, best first, the newest first among equals. A typing slip is looked for only when nothing holds the words as they stand.
   * @throws Problem SEARCH_TOO_BROAD (503) when it takes longer than a caller should wait
   */
  async find(request: SearchRequest, page: { limit: number; offset: number }): Promise<FoundOrders> {
    try {
      return await this.database.within(SEARCH_SETTINGS, (query) => searchIn(query, { ...request, ...page }, searchTerms(request.query)));
    } catch (error) {
      if (isTimeout(error)) throw searchTooBroad(error);
      throw error;
    }
  }
}

async function searchIn(query: Query, place: SearchPlace, terms: SearchTerms): Promise<FoundOrders> {
  // No other order holds a whole id.
  if (isWholeId(terms)) return answerOf(await one(query, exactQuery(place, contained(terms))), 'contains');
  const held = await find(query, place, contained(terms));
  if (held.total > 0) return answerOf(held, 'contains');
  const similar = await findSimilar(query, place, terms);
  return answerOf(similar, similar.total > 0 ? 'similar' : 'contains');
}

const WHOLE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isWholeId = ({ whole }: SearchTerms) => WHOLE_ID.test(whole);

function answerOf({ hits, total }: SearchedRow, type: SearchType): FoundOrders {
  return { hits: hits.map(([streamId, score]) => ({ streamId, score: rounded(score) })), total, type };
}

/** The newest orders tell how far back the newest thousand matches reach. */
async function find(query: Query, place: SearchPlace, wanted: Wanted): Promise<SearchedRow> {
  const walked = await one(query, walkedQuery(place, wanted));
  const { found, newestAt, edgeAt } = walked;
  if (found >= MOST_MATCHES || newestAt === null || edgeAt === null) return walked;
  const keys = windowKeys(place.accountId, { found, newestAt, edgeAt }, MOST_MATCHES);
  const inWindow = keys === null ? null : await one(query, indexedQuery(place, wanted, keys));
  if (inWindow !== null && inWindow.found >= MOST_MATCHES) return inWindow;
  return one(query, indexedQuery(place, wanted, [accountKey(place.accountId)]));
}

async function one(query: Query, { sql, params }: ReturnType<typeof walkedQuery>): Promise<SearchedRow> {
  const [row] = await query<SearchedRow>(sql, params);
  return row ?? NOTHING;
}

/** First only words that no order's word begins with are taken for slips; where that finds nothing, any word. */
async function findSimilar(query: Query, place: SearchPlace, { tokens }: SearchTerms): Promise<SearchedRow> {
  const { sql, params } = wordsQuery(place.accountId, tokens.filter(mayBeSlip));
  const rows = new Map((await query<WordRow>(sql, params)).map((row) => [row.word, row]));
  const corrected = tokens.map((token) => alternativesOf(token, rows.get(token), false));
  const found = await findAlike(query, place, corrected);
  if (found.total > 0) return found;
  const widened = tokens.map((token) => alternativesOf(token, rows.get(token), true));
  return widened.some((words, index) => words.length !== corrected[index]?.length) ? findAlike(query, place, widened) : NOTHING;
}

/** Numbers are looked for as they stand; shorter words resemble everything. */
const SHORTEST_SLIP = 3;
const mayBeSlip = (token: string) => token.length >= SHORTEST_SLIP && /^\p{L}/u.test(token);

function alternativesOf(token: string, row: WordRow | undefined, isWidened: boolean): Alternatives {
  const itself = { word: token, similarity: 1 };
  if (!row) return [itself];
  const near = row.isHeld && !isWidened ? [] : nearWords(token, row.candidates).filter(({ word }) => word !== token);
  return row.isHeld ? [itself, ...near] : near;
}

/** A word that is like nothing is left out, as long as they are not most. */
async function findAlike(query: Query, place: SearchPlace, words: readonly Alternatives[]): Promise<SearchedRow> {
  const known = words.filter((alternatives) => alternatives.length > 0);
  const isCorrected = known.length < words.length || known.some(([first, ...others]) => others.length > 0 || first?.similarity !== 1);
  if (!isCorrected || known.length * 2 < words.length || known.length === 0) return NOTHING;
  return find(query, place, alike(known, words.length));
}

function isTimeout(error: unknown): boolean {
  return ((error ?? {}) as { code?: unknown }).code === TIMED_OUT;
}

function searchTooBroad(cause: unknown): Problem {
  const detail = 'The search took longer than 1.5 s and was given up; a longer or rarer word finds faster.';
  return new Problem('SEARCH_TOO_BROAD', { status: 503, retry: 'later', retryAfterSeconds: 5, detail, cause });
}
