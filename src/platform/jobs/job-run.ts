/** Why a run was told to stop: the process ends, its lock was lost, or its task belongs to somebody else (or nobody) now. */
export type StopReason = 'shutdown' | 'lock-lost' | 'not-owner';

/** The reason carried by an aborted `signal` of a run. */
export class RunStopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`the run was stopped: ${reason}`);
    this.name = 'RunStopped';
    this.reason = reason;
  }
}

/** What a job handler is given beside its payload. */
export interface JobRun {
  /** Aborted with a `RunStopped` on shutdown and when the lock of the queue is lost; stop at the next safe point. */
  readonly signal: AbortSignal;
}

/** The reason of an aborted run's signal, null while it runs. */
export function stopReasonOf(signal: AbortSignal): StopReason | null {
  if (!signal.aborted) return null;
  return signal.reason instanceof RunStopped ? signal.reason.reason : 'shutdown';
}
