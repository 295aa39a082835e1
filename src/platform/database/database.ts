import { FlushMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { StatementNames } from './statement-names.js';
import type { Transaction } from './transaction.js';

/** Runs one statement with bound `$1` parameters. */
export type Query = <Row>(sql: string, params?: readonly unknown[]) => Promise<Row[]>;

/** The service's one way to PostgreSQL: short transactions for writing, single autocommit statements for reading. */
@Injectable()
export class Database {
  private readonly statements = new StatementNames();

  constructor(
    @Inject(EntityManager) private readonly entityManager: EntityManager,
    @Inject(Pool) private readonly pool: Pool,
  ) {}

  /**
   * Runs `work` in one READ COMMITTED transaction and commits when it resolves. Never ask Allegro inside: an open writing
   * transaction holds every reader of the log back.
   * Flush mode COMMIT: an automatic flush would take a transaction id before the heads of the log are loaded.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const manager = this.entityManager.fork({ clear: true, flushMode: FlushMode.COMMIT });
    return manager.transactional((tx) => work(tx), { flushMode: FlushMode.COMMIT });
  }

  /** One autocommit statement with bound `$1` parameters, for read models. Its plan is kept by each connection: planning a page took longer than reading it. */
  async query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return this.queryOn<Row>(this.pool, sql, params);
  }

  /**
   * Reads under settings of their own, such as a `statement_timeout`. Each statement sees what is committed when it begins.
   * @param settings names and values as PostgreSQL reads them; never what a caller sent
   */
  async within<T>(settings: Readonly<Record<string, string>>, work: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      const local = Object.entries(settings).map(([name, value]) => `; set local ${name} = ${value}`);
      await client.query(`begin read only${local.join('')}`);
      return await work((sql, params = []) => this.queryOn(client, sql, params));
    } finally {
      await client.query('rollback').catch((error: unknown) => {
        broken = error as Error;
      });
      client.release(broken);
    }
  }

  private async queryOn<Row>(connection: Pool | PoolClient, sql: string, params: readonly unknown[]): Promise<Row[]> {
    const result = await connection.query({ ...this.statements.nameOf(sql), text: sql, values: [...params] });
    return result.rows as Row[];
  }

  /** @throws when PostgreSQL does not answer. */
  async ping(): Promise<void> {
    await this.pool.query('select 1');
  }
}
