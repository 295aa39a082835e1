import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { removeRuns } from './sync-runs.store.js';

/** Ended syncs age out. */
@Injectable()
export class SyncRunRetention {
  constructor(@Inject(CONFIGURATION) { retention }: Configuration, rules: RetentionRules) {
    rules.register({ name: 'sync_runs', days: retention.syncRunDays, remove: removeRuns });
  }
}
