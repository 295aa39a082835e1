import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditController } from './audit.controller.js';
import { AuditReadModel } from './audit.read-model.js';
import { ChangeTrail } from './change-trail.interceptor.js';

/** The trail of changes, and reading it; it stands behind the repeated requests, which change nothing. */
@Module({ controllers: [AuditController], providers: [AuditReadModel, { provide: APP_INTERCEPTOR, useClass: ChangeTrail }] })
export class AuditModule {}
