/** Injection token of the catalogue's names, given to `JobsModule.for` by the application. */
export const JOB_NAMES = Symbol('job names');
