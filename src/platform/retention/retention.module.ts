import { Global, Inject, Injectable, Module } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { removeChanges, removeTasks } from './aged-rows.store.js';
import { Retention } from './retention.service.js';
import { RetentionRules } from './retention-rules.js';

/** What the platform itself keeps: tasks and the outbox. */
@Injectable()
class PlatformRetention {
  constructor(@Inject(CONFIGURATION) { retention }: Configuration, rules: RetentionRules) {
    rules.register({ name: 'tasks', days: retention.taskDays, remove: removeTasks });
    rules.register({ name: 'changes', days: retention.changeDays, remove: removeChanges });
  }
}

/** Ages out what is over and done with; a feature registers a rule for what it keeps. */
@Global()
@Module({ providers: [RetentionRules, Retention, PlatformRetention], exports: [RetentionRules] })
export class RetentionModule {}
