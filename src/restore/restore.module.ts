import { Inject, Injectable, Module } from '@nestjs/common';
import { OrderPastModule } from '../orders/order-past.module.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { RetentionModule } from '../platform/retention/retention.module.js';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { RestoreController } from './restore.controller.js';
import { RestoreApplication } from './restore-application.service.js';
import { RestorePlanViews } from './restore-plan-views.service.js';
import { RestorePlanning } from './restore-planning.service.js';
import { RestorePlans } from './restore-plans.read-model.js';
import { removeExpired } from './restore-plans.store.js';

/** Plans nobody applied age out with the history of tasks. */
@Injectable()
class PlanRetention {
  constructor(@Inject(CONFIGURATION) { retention }: Configuration, rules: RetentionRules) {
    rules.register({ name: 'restore_plans', days: retention.taskDays, remove: removeExpired });
  }
}

/** Orders and accounts put back to an instant. */
@Module({
  imports: [OrderPastModule, RetentionModule],
  controllers: [RestoreController],
  providers: [RestorePlanning, RestoreApplication, RestorePlanViews, RestorePlans, PlanRetention],
})
export class RestoreModule {}
