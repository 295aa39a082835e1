import { Injectable, Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { RetentionModule } from '../platform/retention/retention.module.js';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { SettingsModule } from '../platform/settings/settings.module.js';
import { DirectExports } from './direct-exports.service.js';
import { ErasedExports } from './erased-exports.service.js';
import { ExportFileController } from './export-file.controller.js';
import { ExportListController } from './export-list.controller.js';
import { ExportTasks } from './export-orders.jobs.js';
import { ExportParts } from './export-parts.service.js';
import { ExportVault } from './export-vault.service.js';
import { ExportWriting, KEPT_DAYS } from './export-writing.service.js';
import { ExportsController } from './exports.controller.js';
import { ExportFiles } from './exports.read-model.js';
import { Exports } from './exports.service.js';
import { removeAged } from './exports.store.js';

/** Files are deleted when they expire, and exports that never became one after the same time. */
@Injectable()
class ExportRetention {
  constructor(rules: RetentionRules) {
    rules.register({ name: 'exports', days: KEPT_DAYS, remove: removeAged });
  }
}

/** Orders as files. */
@Module({
  imports: [OrdersModule, RetentionModule, SettingsModule],
  controllers: [ExportListController, ExportsController, ExportFileController],
  providers: [Exports, DirectExports, ExportWriting, ExportTasks, ExportParts, ExportFiles, ExportVault, ErasedExports, ExportRetention],
})
export class ExportsModule {}
