import type { MigrationObject } from '@mikro-orm/core';
import { Migration0001EventLog } from './Migration0001EventLog.js';

/** Every migration in the order it runs; listed by hand so that a build needs no file patterns. */
export const MIGRATIONS: MigrationObject[] = [{ name: 'Migration0001EventLog', class: Migration0001EventLog }];
