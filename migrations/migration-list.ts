import type { MigrationObject } from '@mikro-orm/core';
import { Migration0001EventLog } from './Migration0001EventLog.js';
import { Migration0002Tasks } from './Migration0002Tasks.js';
import { Migration0003Tokens } from './Migration0003Tokens.js';
import { Migration0004Orders } from './Migration0004Orders.js';
import { Migration0005Sync } from './Migration0005Sync.js';
import { Migration0006Audit } from './Migration0006Audit.js';
import { Migration0007Budget } from './Migration0007Budget.js';
import { Migration0008Quarantine } from './Migration0008Quarantine.js';
import { Migration0009Sweep } from './Migration0009Sweep.js';
import { Migration0011Seals } from './Migration0011Seals.js';
import { Migration0012Search } from './Migration0012Search.js';
import { Migration0013ListOrder } from './Migration0013ListOrder.js';
import { Migration0014Erasure } from './Migration0014Erasure.js';
import { Migration0015Retention } from './Migration0015Retention.js';
import { Migration0016Restore } from './Migration0016Restore.js';
import { Migration0017Webhooks } from './Migration0017Webhooks.js';
import { Migration0018Manners } from './Migration0018Manners.js';
import { Migration0019Claims } from './Migration0019Claims.js';
import { Migration0020Exports } from './Migration0020Exports.js';
import { Migration0021AuditReads } from './Migration0021AuditReads.js';
import { Migration0026OrderCounts } from './Migration0026OrderCounts.js';

/** Every migration in the order it runs; listed by hand so that a build needs no file patterns. */
export const MIGRATIONS: MigrationObject[] = [
  { name: 'Migration0001EventLog', class: Migration0001EventLog },
  { name: 'Migration0002Tasks', class: Migration0002Tasks },
  { name: 'Migration0003Tokens', class: Migration0003Tokens },
  { name: 'Migration0004Orders', class: Migration0004Orders },
  { name: 'Migration0005Sync', class: Migration0005Sync },
  { name: 'Migration0006Audit', class: Migration0006Audit },
  { name: 'Migration0007Budget', class: Migration0007Budget },
  { name: 'Migration0008Quarantine', class: Migration0008Quarantine },
  { name: 'Migration0009Sweep', class: Migration0009Sweep },
  { name: 'Migration0011Seals', class: Migration0011Seals },
  { name: 'Migration0012Search', class: Migration0012Search },
  { name: 'Migration0013ListOrder', class: Migration0013ListOrder },
  { name: 'Migration0014Erasure', class: Migration0014Erasure },
  { name: 'Migration0015Retention', class: Migration0015Retention },
  { name: 'Migration0016Restore', class: Migration0016Restore },
  { name: 'Migration0017Webhooks', class: Migration0017Webhooks },
  { name: 'Migration0018Manners', class: Migration0018Manners },
  { name: 'Migration0019Claims', class: Migration0019Claims },
  { name: 'Migration0020Exports', class: Migration0020Exports },
  { name: 'Migration0021AuditReads', class: Migration0021AuditReads },
  { name: 'Migration0026OrderCounts', class: Migration0026OrderCounts },
];
