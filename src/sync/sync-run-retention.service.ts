import { Injectable } from '@nestjs/common';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { Settings } from '../platform/settings/settings.service.js';
import { KEPT_SYNC_RUNS } from './sync.settings.js';
import { removeRuns } from './sync-runs.store.js';

/** Ended syncs age out. */
@Injectable()
export class SyncRunRetention {
  constructor(settings: Settings, rules: RetentionRules) {
    rules.register({ name: 'sync_runs', days: settings.live(KEPT_SYNC_RUNS), remove: removeRuns });
  }
}
