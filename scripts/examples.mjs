// `npm run examples`: starts the demo (service and sandbox) on a folder of its own, runs the programs of client/examples and
// examples/python against it as a user would, and stops it. Plain JavaScript for Node 20.
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { prepare, projectNode, ROOT } from './prepare.mjs';

/** What a receiver of webhooks gets, signed by the package the service signs with. */
async function webhookExample() {
  const { Webhook } = await import('standardwebhooks');
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const id = `msg_${randomUUID().replaceAll('-', '')}`;
  const now = new Date();
  const body = JSON.stringify({ type: 'webhook.ping', timestamp: now.toISOString(), data: {} });
  const seconds = String(Math.floor(now.getTime() / 1_000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': new Webhook(secret).sign(id, now, body) };
  return JSON.stringify({ secret, headers, body });
}

async function run(name, command, args, env) {
  console.log(`\n${name}`);
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (status, signal) => resolve(status ?? signal));
  });
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}.`);
}

await prepare();
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
const demo = spawn(projectNode(), [join(ROOT, 'dist', 'launcher', 'main.js'), '--json'], {
  env: { LOG_LEVEL: 'warn', ...process.env, DEMO_FOLDER: folder, ENV_FILE: join(folder, 'none') },
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
const ended = once(demo, 'exit');
try {
  const line = await Promise.race([once(createInterface({ input: demo.stdout }), 'line'), ended.then(() => null)]);
  if (line === null) throw new Error('The demo did not start.');
  const { baseUrl, jwt } = JSON.parse(line[0]);
  const env = { ORDER_LOG_URL: baseUrl, ORDER_LOG_TOKEN: jwt.seller, WEBHOOK_EXAMPLE: await webhookExample() };
  const hooks = join(ROOT, 'test', 'support', 'typescript-hooks.mjs');
  await run('client/examples/main.ts', projectNode(), ['--import', hooks, join('client', 'examples', 'main.ts')], env);
  await run('examples/python/order_log.py', 'python3', [join('examples', 'python', 'order_log.py')], env);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  demo.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
