/** Ids only: a job wakes a worker, the row it names is the record. No secrets, no buyers' data. */
export type JobPayload = Readonly<Record<string, string>>;

/**
 * Every job of the service by name. A feature adds its own by declaration merging:
 * `declare module '../platform/jobs/job-catalogue.js' { interface JobCatalogue { 'scheduled-sync': { tokenId: string } } }`.
 */
export interface JobCatalogue {
  /** Runs one owed task. */
  'run-task': { readonly taskId: string };
}

export type JobName = keyof JobCatalogue;

/**
 * The catalogue's names where types are gone, for the check at start-up. The application declares it with
 * `satisfies JobNames`, so the compiler refuses a list that leaves a name out.
 */
export type JobNames = Readonly<Record<JobName, true>>;
