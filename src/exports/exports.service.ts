import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ExportFilter } from '../orders/orders-for-export.read-model.js';
import { Database } from '../platform/database/database.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { Settings } from '../platform/settings/settings.service.js';
import type { ExportFile } from './export-file.js';
import { exportNotFound, tooManyExports } from './exports.errors.js';
import { KEPT_FILES } from './exports.settings.js';
import { ExportFiles } from './exports.read-model.js';
import { addExport, removeExport } from './exports.store.js';
import type { ExportFormat, ExportOptions } from './rendition.js';

/** Room comes by deleting one, or with the next that expires. */
const RETRY_AFTER_SECONDS = 3_600;

export interface WantedExport {
  readonly account: AccountRef;
  readonly format: ExportFormat;
  readonly options: ExportOptions;
  readonly filters: ExportFilter;
  readonly actor: string;
}

/** Exports into files: ordered, looked at, deleted. */
@Injectable()
export class Exports {
  private readonly mostFiles: (tenantId: string) => number;

  constructor(
    private readonly files: ExportFiles,
    private readonly tasks: Tasks,
    private readonly database: Database,
    settings: Settings,
  ) {
    this.mostFiles = settings.live(KEPT_FILES);
  }

  /** Owes the file; those of one account are written one after another. @throws Problem TOO_MANY_EXPORTS (429) */
  async order({ account, format, options, filters, actor }: WantedExport): Promise<ExportFile> {
    const { tenantId, accountId, tokenId } = account;
    const count = await this.files.count(tenantId);
    if (count >= this.mostFiles(tenantId)) throw tooManyExports(`You have ${String(count)} exports; delete one of them.`, RETRY_AFTER_SECONDS);
    const id = randomUUID();
    const work = { tenantId, accountId, tokenId, queueKey: `exports_${accountId}`, taskType: 'export_orders', params: { export_id: id } };
    const task = await this.database.transaction(async (tx) => {
      const created = await this.tasks.create(tx, { ...work, description: `export of orders as ${format}` });
      await addExport(tx, { id, tenantId, accountId, tokenId, taskId: created.id, format, options, filters, createdBy: actor });
      return created;
    });
    await this.tasks.wake(task);
    return this.find(tenantId, id);
  }

  /** @throws Problem EXPORT_NOT_FOUND (404) */
  async find(tenantId: string, id: string): Promise<ExportFile> {
    const file = await this.files.find(tenantId, id);
    if (!file) throw exportNotFound();
    return file;
  }

  /** Deletes the file, finished or not. @throws Problem EXPORT_NOT_FOUND (404) */
  async remove(tenantId: string, id: string): Promise<void> {
    const { taskId } = await this.find(tenantId, id);
    await this.tasks.revoke(taskId);
    await this.database.transaction((tx) => removeExport(tx, id));
  }
}
