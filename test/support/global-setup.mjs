// Before any test: one PostgreSQL, one Redis where the machine has the binary, and the migrated template every test database is cloned from.
import './typescript-hooks.mjs';

/** Rule specs beside the code need no server; a run that names only such files starts none. */
function needsServers({ testPathPatterns }) {
  const patterns = testPathPatterns?.patterns ?? [];
  return patterns.length === 0 || !patterns.every((pattern) => /^(\.\/)?(src|sandbox|launcher)\/\S+\.ts$/.test(pattern));
}

export default async function globalSetup(globalConfig) {
  if (!needsServers(globalConfig)) return;
  const { startTestServers } = await import('./test-servers.ts');
  globalThis.testServers = await startTestServers();
}
