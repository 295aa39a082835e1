import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Refreshes under way in this process: a spent refresh token must be stored before the process ends. */
@Injectable()
export class RunningRefreshes implements BeforeApplicationShutdown {
  private readonly running = new Set<Promise<unknown>>();

  async track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.running);
  }
}
