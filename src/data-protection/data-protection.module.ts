import { Module } from '@nestjs/common';
import { DataKeyCheck } from './data-key-check.service.js';
import { ErasedQuarantine } from './erased-quarantine.service.js';
import { FormGuard } from './form-guard.service.js';
import { JudgementWindow } from './judgement-window.service.js';
import { DEFAULT_PROTECTION, PROTECTION_SETTINGS } from './protection-settings.js';
import { QuarantineKeys } from './quarantine-keys.service.js';
import { QuarantineReadModel } from './quarantine.read-model.js';
import { Quarantine } from './quarantine.service.js';

/** What protects the log from bad data. */
@Module({
  providers: [
    { provide: PROTECTION_SETTINGS, useValue: DEFAULT_PROTECTION },
    DataKeyCheck,
    ErasedQuarantine,
    FormGuard,
    JudgementWindow,
    Quarantine,
    QuarantineKeys,
    QuarantineReadModel,
  ],
  exports: [FormGuard, JudgementWindow, Quarantine, QuarantineReadModel],
})
export class DataProtectionModule {}
