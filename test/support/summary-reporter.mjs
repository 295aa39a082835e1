import { writeFileSync } from 'node:fs';

/** Leaves the counts of the run where `npm test` reads them; a file that could not even be loaded counts as one failure. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_SUMMARY_FILE;
    if (file === undefined) return;
    const names = results.testResults.flatMap(({ testResults }) => testResults.map(({ fullName }) => fullName));
    const summary = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      postgres: process.env.TEST_DATABASE_URL !== undefined,
      redis: process.env.TEST_REDIS_URL !== undefined,
      queueTests: names.filter((name) => /\bpostgres\b/.test(name)).length, // `describe.each(queueBackends)` puts the backend into the name
    };
    writeFileSync(file, JSON.stringify(summary));
  }
}
