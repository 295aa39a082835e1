import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditReadModel } from './audit.read-model.js';

/** Reading the audit trail; what writes it belongs to the guards. */
@Module({ controllers: [AuditController], providers: [AuditReadModel] })
export class AuditModule {}
