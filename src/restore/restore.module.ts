import { Injectable, Module } from '@nestjs/common';
import { OrderPastModule } from '../orders/order-past.module.js';
import { RetentionModule } from '../platform/retention/retention.module.js';
import { KEPT_TASKS } from '../platform/retention/retention.settings.js';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { SettingsModule } from '../platform/settings/settings.module.js';
import { Settings } from '../platform/settings/settings.service.js';
import { RestoreController } from './restore.controller.js';
import { RestoreApplication } from './restore-application.service.js';
import { RestorePlanViews } from './restore-plan-views.service.js';
import { RestorePlanning } from './restore-planning.service.js';
import { RestorePlans } from './restore-plans.read-model.js';
import { removeExpired } from './restore-plans.store.js';

/** Plans nobody applied age out with the history of tasks. */
@Injectable()
class PlanRetention {
  constructor(settings: Settings, rules: RetentionRules) {
    rules.register({ name: 'restore_plans', days: settings.live(KEPT_TASKS), remove: removeExpired });
  }
}

/** Orders and accounts put back to an instant. */
@Module({
  imports: [OrderPastModule, RetentionModule, SettingsModule],
  controllers: [RestoreController],
  providers: [RestorePlanning, RestoreApplication, RestorePlanViews, RestorePlans, PlanRetention],
})
export class RestoreModule {}
