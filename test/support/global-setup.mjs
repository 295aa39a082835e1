// Before any test: PostgreSQL, Redis where the machine has the binary, and the migrated template every test database is cloned from.
import './typescript-hooks.mjs';

/** A whole run is shared out to all workers; a run of named files is over before a second cluster has paid for itself. */
function clustersFor({ testPathPatterns, maxWorkers }) {
  return (testPathPatterns?.patterns ?? []).length === 0 ? maxWorkers : 1;
}

/** Rule specs beside the code need no server; a run that names only such files starts none. */
function needsServers({ testPathPatterns }) {
  const patterns = testPathPatterns?.patterns ?? [];
  return patterns.length === 0 || !patterns.every((pattern) => /^(\.\/)?(src|sandbox|launcher)\/\S+\.ts$/.test(pattern));
}

export default async function globalSetup(globalConfig) {
  if (!needsServers(globalConfig)) return;
  const { startTestServers } = await import('./test-servers.ts');
  globalThis.testServers = await startTestServers(clustersFor(globalConfig));
}
