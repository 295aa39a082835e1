/** Variables through which the global set-up tells the test files where the servers of this run are; of the databases, one for each worker. */
export const TEST_SERVERS = { owner: 'TEST_DATABASE_OWNER_URL', service: 'TEST_DATABASE_URL', redis: 'TEST_REDIS_URL' } as const;

/** Migrated once; nothing connects to it afterwards, or it could not be cloned. */
export const TEMPLATE_DATABASE = 'order_log_template';
