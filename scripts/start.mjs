// `npm start`: installs and builds what a bare clone lacks, then becomes the launcher. Plain JavaScript for Node 20.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, projectNode, ROOT } from './prepare.mjs';
import { runChild } from './run-child.mjs';

/** When npm itself was started: what a person has waited is counted from there. */
function startedAtMs() {
  const ownStartMs = Date.now() - process.uptime() * 1_000;
  if (process.platform !== 'linux' || process.env.npm_lifecycle_event === undefined) return ownStartMs;
  try {
    const afterName = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    const startTicks = Number(afterName[19]); // field 22 of proc(5), in ticks of 10 ms since the boot
    const bootSeconds = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    return Date.now() - (bootSeconds * 1_000 - startTicks * 10);
  } catch {
    return ownStartMs; // no /proc in this container: a second less is counted
  }
}

const started = startedAtMs();
await prepare();
const args = ['--enable-source-maps', join(ROOT, 'dist', 'launcher', 'main.js'), ...process.argv.slice(2)];
process.exit(await runChild(projectNode(), args, { STARTED_AT_MS: String(Math.round(started)) }));
