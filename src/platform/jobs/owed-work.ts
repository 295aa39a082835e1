import { Injectable } from '@nestjs/common';

/** A feature that owes periodic work of its own (schedules): asked every second in the scheduler's processes. */
export interface OwedWorkSource {
  readonly name: string;
  /** Enqueues what is due, claimed with SKIP LOCKED since other processes do the same; answers how much. */
  enqueueDue(): Promise<number>;
}

/** The registered sources of owed work. */
@Injectable()
export class OwedWork {
  private readonly registered: OwedWorkSource[] = [];

  register(source: OwedWorkSource): void {
    if (this.registered.some(({ name }) => name === source.name)) throw new Error(`The source of owed work '${source.name}' is registered twice.`);
    this.registered.push(source);
  }

  get sources(): readonly OwedWorkSource[] {
    return this.registered;
  }
}
