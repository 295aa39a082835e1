import { Module } from '@nestjs/common';
import { SettingsModule } from '../platform/settings/settings.module.js';
import { DamageTroubles } from './damage-troubles.service.js';
import { DataKeyCheck } from './data-key-check.service.js';
import { ErasedQuarantine } from './erased-quarantine.service.js';
import { FormGuard } from './form-guard.service.js';
import { JudgementWindow } from './judgement-window.service.js';
import { QuarantineKeys } from './quarantine-keys.service.js';
import { QuarantineReadModel } from './quarantine.read-model.js';
import { Quarantine } from './quarantine.service.js';

/** What protects the log from bad data. */
@Module({
  imports: [SettingsModule],
  providers: [DamageTroubles, DataKeyCheck, ErasedQuarantine, FormGuard, JudgementWindow, Quarantine, QuarantineKeys, QuarantineReadModel],
  exports: [FormGuard, JudgementWindow, Quarantine, QuarantineReadModel],
})
export class DataProtectionModule {}
