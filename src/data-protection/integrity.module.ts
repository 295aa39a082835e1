import { Module } from '@nestjs/common';
import { IntegrityController } from './integrity.controller.js';
import { ImportedLogs } from './imported-logs.read-model.js';
import { LogVerification } from './log-verification.service.js';
import { SealWatch } from './seal-watch.service.js';
import { Sealing } from './sealing.service.js';
import { SealsReadModel } from './seals.read-model.js';
import { VerifyLogTasks } from './verify-log.jobs.js';

/** What proves that the log is whole: seals over the feed, and their verification. */
@Module({
  controllers: [IntegrityController],
  providers: [ImportedLogs, LogVerification, SealWatch, Sealing, SealsReadModel, VerifyLogTasks],
  exports: [SealsReadModel],
})
export class IntegrityModule {}
