import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { Migrator } from '@mikro-orm/migrations';
import { MIGRATIONS } from '../../../migrations/migration-list.js';
import { migrateQueueSchema } from '../jobs/migrate-queue-schema.js';
import { admitServiceLogin } from './service-login.js';

/**
 * The migrate step: brings schema, queue schema and grants up to date as the owner, then opens a new feed epoch when the
 * database was restored into another cluster. The service itself never runs DDL.
 * Processes that migrate at once wait for each other.
 * @param ownerUrl connection of the schema's owner (a superuser once, for the trigger that guards DDL)
 * @param serviceUrl connection the service will use; its login is created when missing, given this password and made a member of `order_service`
 */
export async function migrate(ownerUrl: string, serviceUrl: string): Promise<void> {
  const turn = new Client({ connectionString: ownerUrl });
  await turn.connect();
  try {
    // Held by the session: it ends with this process, however that ends.
    await turn.query(`select pg_advisory_lock(hashtext('migrate the order log'))`);
    await migrateAlone(ownerUrl, serviceUrl);
  } finally {
    await turn.end();
  }
}

async function migrateAlone(ownerUrl: string, serviceUrl: string): Promise<void> {
  const options: Options = {
    clientUrl: ownerUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    colors: false,
    logger: (line) => process.stderr.write(`${line}\n`),
    migrations: { migrationsList: MIGRATIONS, tableName: 'schema_migrations', allOrNothing: true, snapshot: false, disableForeignKeys: false },
  };
  const orm = await MikroORM.init(options);
  try {
    await orm.migrator.up();
    await migrateQueueSchema(ownerUrl);
    await admitServiceLogin(orm.em.getConnection(), serviceUrl);
    await orm.em.getConnection().execute('select event_log.open_epoch()');
  } finally {
    await orm.close();
  }
}
