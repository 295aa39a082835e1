import { Injectable } from '@nestjs/common';
import { tooManyListeners } from './changes.errors.js';

/** Of one tenant in one process: a team of fifty with two windows each. */
const MOST_OF_TENANT = 100;

/** Who waits for changes at this moment: streams and long polls, counted per tenant. */
@Injectable()
export class Listeners {
  private readonly open = new Map<string, number>();

  /** Runs `listen` as one of the tenant's listeners. @throws Problem TOO_MANY_LISTENERS (429) */
  async admit<T>(tenantId: string, listen: () => Promise<T>): Promise<T> {
    const open = this.open.get(tenantId) ?? 0;
    if (open >= MOST_OF_TENANT) throw tooManyListeners(MOST_OF_TENANT);
    this.open.set(tenantId, open + 1);
    try {
      return await listen();
    } finally {
      this.leave(tenantId);
    }
  }

  private leave(tenantId: string): void {
    const left = (this.open.get(tenantId) ?? 1) - 1;
    if (left > 0) this.open.set(tenantId, left);
    else this.open.delete(tenantId);
  }
}
