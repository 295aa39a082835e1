// `npm test`: installs and builds what a bare clone lacks, runs jest (its arguments are ours) and closes with the count. Plain JavaScript for Node 20.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, projectNode, ROOT } from './prepare.mjs';
import { runChild } from './run-child.mjs';

function tellBackends({ postgres, redis, queueTests }) {
  if (!postgres) return console.log('\nNo server was needed: only rule specs ran.');
  if (redis) return console.log(`\nQueue backends: PostgreSQL and Redis (${queueTests} tests on each). Servers were started for this run and are gone.`);
  return console.log(
    `\n*** REDIS TESTS DID NOT RUN: no redis-server on the PATH. ${queueTests} tests ran on PostgreSQL alone. ***\n` +
      `*** Install it (Debian: apt-get install redis-server) to run them on both queue backends. ***`,
  );
}

function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

await prepare();
const folder = mkdtempSync(join(tmpdir(), 'order-log-test-run-'));
const summaryFile = join(folder, 'summary.json');
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), '--ci'];
process.chdir(ROOT);
const code = await runChild(projectNode(), [...jest, ...process.argv.slice(2)], { TEST_SUMMARY_FILE: summaryFile });
const ran = existsSync(summaryFile);
const summary = ran ? JSON.parse(readFileSync(summaryFile, 'utf8')) : { passed: 0, failed: 1, skipped: 0 };
rmSync(folder, { recursive: true, force: true });
if (ran) tellBackends(summary);
else console.log('\nThe run ended before any test: see the message above.');
console.log(closingLine(summary));
process.exit(code);
