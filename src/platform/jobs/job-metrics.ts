import { Injectable } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import { Metrics } from '../observability/metrics.js';

/** What the queues and the owed tasks show of themselves. */
@Injectable()
export class JobMetrics {
  private readonly enqueueFailures: Counter;
  private readonly turns: Counter;
  private readonly running: Gauge;
  private readonly taskRuns: Counter;
  private readonly dueTasks: Counter;

  constructor(metrics: Metrics) {
    this.enqueueFailures = metrics.counter({ name: 'jobs_enqueue_failures_total', help: 'Adds to a queue that failed; the due-work loop repeats them' });
    this.turns = metrics.counter({ name: 'jobs_turns_total', help: 'Turns of the dispatcher by outcome', labels: ['outcome'] });
    this.running = metrics.gauge({ name: 'jobs_running', help: 'Turns that are running in this process' });
    this.taskRuns = metrics.counter({ name: 'tasks_runs_total', help: 'Runs of owed tasks by type and outcome', labels: ['type', 'outcome'] });
    this.dueTasks = metrics.counter({ name: 'tasks_enqueued_total', help: 'Owed tasks the due-work loop put into their queues' });
  }

  enqueueFailed(): void {
    this.enqueueFailures.inc();
  }

  turnEnded(outcome: string): void {
    this.turns.inc({ outcome });
  }

  turnsRunning(count: number): void {
    this.running.set(count);
  }

  taskRan(type: string, outcome: string): void {
    this.taskRuns.inc({ type, outcome });
  }

  tasksEnqueued(count: number): void {
    this.dueTasks.inc(count);
  }
}
