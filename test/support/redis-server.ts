import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../launcher/free-port.js';
import { startGuardedProcess } from '../../launcher/guarded-process.js';

export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** One database number per `redisForTest()`; an empty database costs Redis some hundred bytes. */
const DATABASES = 4_096;
const START_ATTEMPTS = 5;
const POLL_MS = 10;

/** A redis-server of this run on 127.0.0.1, on `fixedPort` or a free one; null when the machine has no such binary. */
export async function startTestRedis(fixedPort?: number): Promise<TestRedis | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  for (let attempt = 1; ; attempt += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'order-log-redis-'));
    const port = fixedPort ?? (await freePort());
    const settings = { port, bind: '127.0.0.1', databases: DATABASES, dir: folder, save: '', appendonly: 'no' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const server = startGuardedProcess({ command: 'redis-server', args, logFile: join(folder, 'redis.log'), removeAfterwards: [folder] });
    while (!server.hasEnded()) {
      if (await answers(port)) return { url: `redis://127.0.0.1:${port}`, stop: () => server.stop() };
      await delay(POLL_MS);
    }
    if (attempt === START_ATTEMPTS) throw new Error(`redis-server did not start:\n${server.lastWords()}`);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('error', () => settle(false)).once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (bytes) => settle(bytes.toString().startsWith('+PONG')));
  });
}
