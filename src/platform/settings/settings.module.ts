import { Module } from '@nestjs/common';
import { Settings } from './settings.service.js';

/** For whoever reads settings; what fills them from the database is `SettingsApiModule`. */
@Module({ providers: [Settings], exports: [Settings] })
export class SettingsModule {}
