import { Global, Inject, Injectable, Module } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { removeChanges, removeTasks } from './aged-rows.store.js';
import { OutboxReaders } from './outbox-readers.js';
import { Retention } from './retention.service.js';
import { RetentionRules } from './retention-rules.js';

/** What the platform itself keeps: tasks and the outbox. */
@Injectable()
class PlatformRetention {
  constructor(@Inject(CONFIGURATION) { retention }: Configuration, rules: RetentionRules, readers: OutboxReaders) {
    rules.register({ name: 'tasks', days: retention.taskDays, remove: removeTasks });
    rules.register({ name: 'changes', days: retention.changeDays, remove: async (tx, batch) => removeChanges(tx, batch, await readers.places(tx)) });
  }
}

/** Ages out what is over and done with; a feature registers a rule for what it keeps. */
@Global()
@Module({ providers: [RetentionRules, OutboxReaders, Retention, PlatformRetention], exports: [RetentionRules, OutboxReaders] })
export class RetentionModule {}
