import { BullRegistrar } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { Settings } from '../settings/settings.service.js';
import { DispatchProcessor } from './dispatch.processor.js';
import { TURNS_AT_ONCE } from './jobs.settings.js';
import { TaskRunner } from './task-runner.js';

/** Runs the dispatcher in the processes that work. */
@Injectable()
export class DispatchLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private started = false;
  private stopped: Promise<void> | null = null;
  private readonly turnsAtOnce: () => number;

  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly registrar: BullRegistrar,
    private readonly dispatcher: DispatchProcessor,
    private readonly tasks: TaskRunner,
    settings: Settings,
  ) {
    this.turnsAtOnce = settings.live(TURNS_AT_ONCE);
  }

  onApplicationBootstrap(): void {
    if (this.stopped !== null || (this.config.role !== 'worker' && this.config.role !== 'all')) return;
    this.registrar.register();
    this.started = true;
    this.dispatcher.start(this.turnsAtOnce);
  }

  /** Takes no more work from now on; what runs is told to stop and given back, so that another process resumes it at once. */
  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  /** Before anything else closes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  private async end(): Promise<void> {
    if (!this.started) return;
    await this.dispatcher.stop();
    await this.tasks.giveAllBack();
  }
}
