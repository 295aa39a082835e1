import { Injectable } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import type { BoundSql } from './bound-sql.js';
import { containedQuery, type SearchRequest, searchTerms, SIMILAR_SETTINGS, similarQuery } from './order-search-query.js';

/** Longer than any search of a million orders measured took; a caller waits 10 s at most, and other requests need the connection. */
const SEARCH_TIMEOUT_MS = 1_500;
const TIMED_OUT = '57014';

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
      return await this.database.transaction((tx) => this.findIn(tx, request, page));
    } catch (error) {
      if (isTimeout(error)) throw searchTooBroad(error);
      throw error;
    }
  }

  private async findIn(tx: Transaction, request: SearchRequest, page: { limit: number; offset: number }): Promise<FoundOrders> {
    await query(tx, `select set_config('statement_timeout', $1, true)`, [String(SEARCH_TIMEOUT_MS)]);
    const terms = searchTerms(request.query);
    const contained = await this.hits(tx, containedQuery(request, terms));
    const hits = contained.length > 0 ? contained : await this.similar(tx, similarQuery(request, terms));
    const shown = hits.slice(page.offset, page.offset + page.limit).map(({ streamId, score }) => ({ streamId, score: rounded(score) }));
    return { hits: shown, total: hits.length, type: contained.length > 0 || hits.length === 0 ? 'contains' : 'similar' };
  }

  private async similar(tx: Transaction, sql: BoundSql): Promise<Hit[]> {
    await query(tx, SIMILAR_SETTINGS);
    return this.hits(tx, sql);
  }

  private hits(tx: Transaction, { sql, params }: BoundSql): Promise<Hit[]> {
    return query<Hit>(tx, sql, params);
  }
}

function isTimeout(error: unknown): boolean {
  return ((error ?? {}) as { code?: unknown }).code === TIMED_OUT;
}

function searchTooBroad(cause: unknown): Problem {
  const detail = 'The search took longer than 1.5 s and was given up; a longer or rarer word finds faster.';
  return new Problem('SEARCH_TOO_BROAD', { status: 503, retry: 'later', retryAfterSeconds: 5, detail, cause });
}
