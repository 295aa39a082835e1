import { Injectable } from '@nestjs/common';
import type { ForgottenBuyer } from './forgotten-buyer.js';

/** A feature that keeps copies of buyers' data outside the log (rows, files, caches) and knows how to clean them. */
export interface HolderOfCopies {
  /** As the receipt of an erasure names it, for example `quarantine`. */
  readonly name: string;
  /**
   * Removes what it keeps of this buyer; answers how many copies it cleaned. Called after the keys are destroyed, in a process that works,
   * and again after a crash or a failure, so it must be repeatable. A failure is retried, never given up.
   */
  forget(buyer: ForgottenBuyer): Promise<number>;
}

/** Everybody who keeps copies of buyers' data. Features register in their constructors; an erasure asks each of them. */
@Injectable()
export class HoldersOfCopies {
  private readonly registered: HolderOfCopies[] = [];

  /** @throws when the name is taken */
  register(holder: HolderOfCopies): void {
    if (this.registered.some(({ name }) => name === holder.name)) throw new Error(`The holder of copies '${holder.name}' is registered twice.`);
    this.registered.push(holder);
  }

  get holders(): readonly HolderOfCopies[] {
    return this.registered;
  }
}
