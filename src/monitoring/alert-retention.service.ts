import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { removeClosed } from './alerts.store.js';

/** Closed alerts age out. */
@Injectable()
export class AlertRetention {
  constructor(@Inject(CONFIGURATION) { retention }: Configuration, rules: RetentionRules) {
    rules.register({ name: 'alerts', days: retention.alertDays, remove: removeClosed });
  }
}
