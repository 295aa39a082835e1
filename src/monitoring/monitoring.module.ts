import { Module } from '@nestjs/common';
import { AllegroModule } from '../allegro/allegro.module.js';
import { IntegrityModule } from '../data-protection/integrity.module.js';
import { RetentionModule } from '../platform/retention/retention.module.js';
import { SettingsModule } from '../platform/settings/settings.module.js';
import { AccountsHealth } from './accounts-health.read-model.js';
import { AlertKeeping } from './alert-keeping.service.js';
import { AlertRetention } from './alert-retention.service.js';
import { AlertWebhook } from './alert-webhook.client.js';
import { Alerts } from './alerts.read-model.js';
import { DataQualityController } from './data-quality.controller.js';
import { DataQuality } from './data-quality.read-model.js';
import { InstallationHealth } from './installation-health.service.js';
import { LookingAround } from './looking-around.service.js';
import { Monitor } from './monitor.service.js';
import { MonitorGauges } from './monitor-gauges.service.js';
import { MonitoringController } from './monitoring.controller.js';

/** How current accounts are, what is wrong with them, and who is told. */
@Module({
  imports: [AllegroModule, IntegrityModule, RetentionModule, SettingsModule],
  controllers: [MonitoringController, DataQualityController],
  providers: [AccountsHealth, AlertKeeping, AlertRetention, AlertWebhook, Alerts, DataQuality, InstallationHealth, LookingAround, Monitor, MonitorGauges],
})
export class MonitoringModule {}
