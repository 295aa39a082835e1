import { Module } from '@nestjs/common';
import { IntegrityController } from './integrity.controller.js';

/** What proves and protects the log. */
@Module({ controllers: [IntegrityController] })
export class DataProtectionModule {}
