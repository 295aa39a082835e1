import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import { AccountArchive } from './account-archive.service.js';
import { AccountImport } from './account-import.service.js';
import { ImportBatches } from './import-batches.service.js';

/** Archives of accounts, out of one installation and into another. */
@Module({
  imports: [OrdersModule],
  providers: [AuditTrail, AccountArchive, AccountImport, ImportBatches],
  exports: [AccountArchive, AccountImport],
})
export class ArchiveModule {}
