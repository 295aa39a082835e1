import { Global, Injectable, Module } from '@nestjs/common';
import { SettingsModule } from '../settings/settings.module.js';
import { Settings } from '../settings/settings.service.js';
import { removeChanges, removeTasks } from './aged-rows.store.js';
import { OutboxReaders } from './outbox-readers.js';
import { KEPT_CHANGES, KEPT_TASKS } from './retention.settings.js';
import { Retention } from './retention.service.js';
import { RetentionRules } from './retention-rules.js';

/** What the platform itself keeps: tasks and the outbox. */
@Injectable()
class PlatformRetention {
  constructor(settings: Settings, rules: RetentionRules, readers: OutboxReaders) {
    rules.register({ name: 'tasks', days: settings.live(KEPT_TASKS), remove: removeTasks });
    const days = settings.live(KEPT_CHANGES);
    rules.register({ name: 'changes', days, remove: async (tx, batch) => removeChanges(tx, batch, await readers.places(tx)) });
  }
}

/** Ages out what is over and done with; a feature registers a rule for what it keeps. */
@Global()
@Module({ imports: [SettingsModule], providers: [RetentionRules, OutboxReaders, Retention, PlatformRetention], exports: [RetentionRules, OutboxReaders] })
export class RetentionModule {}
