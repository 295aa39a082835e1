import { setTimeout as delay } from 'node:timers/promises';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { FlushMode } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Global, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { PostgresDialect, type PostgresPool } from 'kysely';
import { Pool } from 'pg';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { Database } from './database.js';
import { createPool } from './pool.js';

function providePool(config: Configuration): Pool {
  const logger = new Logger('database');
  const options = { url: config.database.url, max: config.database.poolSize, applicationName: `order-log ${config.role}` };
  return createPool(options, (error) => {
    logger.warn(`a database connection was lost: ${error.message}`);
  });
}

/** The pool has one owner, PoolLifetime: MikroORM would end it as well. */
function withoutEnd(pool: Pool): PostgresPool {
  return { options: pool.options, connect: () => pool.connect(), end: () => Promise.resolve() };
}

/** A statement that ends within this time ends well; PostgreSQL undoes any other when the process is gone. */
const END_PATIENCE_MS = 1_000;

@Injectable()
class PoolLifetime implements OnApplicationShutdown {
  constructor(private readonly pool: Pool) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.race([this.pool.end(), delay(END_PATIENCE_MS, undefined, { ref: false })]);
  }
}

@Global()
@Module({
  providers: [{ provide: Pool, useFactory: providePool, inject: [CONFIGURATION] }, PoolLifetime],
  exports: [Pool],
})
class PoolModule {}

/** MikroORM over the one pool of the process; the features name their entities with `MikroOrmModule.forFeature`. */
@Global()
@Module({
  imports: [
    MikroOrmModule.forRootAsync({
      imports: [PoolModule],
      inject: [Pool],
      driver: PostgreSqlDriver,
      useFactory: (pool: Pool) => ({
        driver: PostgreSqlDriver,
        dbName: 'given-by-the-pool',
        driverOptions: new PostgresDialect({ pool: withoutEnd(pool) }),
        ensureDatabase: false,
        metadataProvider: ReflectMetadataProvider,
        metadataCache: { enabled: false },
        autoLoadEntities: true,
        registerRequestContext: false,
        allowGlobalContext: false,
        flushMode: FlushMode.COMMIT,
        discovery: { warnWhenNoEntities: false },
        debug: false,
      }),
    }),
  ],
  providers: [Database],
  exports: [Database],
})
export class DatabaseModule {}
