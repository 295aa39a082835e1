import { Module } from '@nestjs/common';
import { ErasedSettingReasons } from './erased-setting-reasons.js';
import { SettingChanges } from './setting-changes.service.js';
import { SettingViews } from './setting-views.service.js';
import { SettingsController } from './settings.controller.js';
import { SettingsModule } from './settings.module.js';
import { SettingsReadModel } from './settings.read-model.js';
import { SettingsRefresh } from './settings-refresh.service.js';
import { TenantSettingsController } from './tenant-settings.controller.js';

/** Keeps settings as the database says, and lets operators change them. */
@Module({
  imports: [SettingsModule],
  controllers: [SettingsController, TenantSettingsController],
  providers: [ErasedSettingReasons, SettingChanges, SettingViews, SettingsReadModel, SettingsRefresh],
})
export class SettingsApiModule {}
