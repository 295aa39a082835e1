/** Thrown by a task's handler to give the task back as PENDING until `dueAt`; not a failure and not counted as an attempt. */
export class PostponeTask extends Error {
  readonly dueAt: Date;

  /** @param reason shown to the task's owner while it waits */
  constructor(dueAt: Date, reason: string) {
    super(reason);
    this.name = 'PostponeTask';
    this.dueAt = dueAt;
  }
}
