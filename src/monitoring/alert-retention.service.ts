import { Injectable } from '@nestjs/common';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { Settings } from '../platform/settings/settings.service.js';
import { removeClosed } from './alerts.store.js';
import { KEPT_ALERTS } from './monitoring.settings.js';

/** Closed alerts age out. */
@Injectable()
export class AlertRetention {
  constructor(settings: Settings, rules: RetentionRules) {
    rules.register({ name: 'alerts', days: settings.live(KEPT_ALERTS), remove: removeClosed });
  }
}
