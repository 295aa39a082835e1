import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import type { TokenWorld } from './token-app.js';

export type TokenCommand = { readonly kind: 'use'; readonly tokenId: string } | { readonly kind: 'hold' | 'go-on' };
export type TokenReply =
  { readonly kind: 'ready' | 'answered' } | { readonly kind: 'used'; readonly seller: string } | { readonly kind: 'failed'; readonly error: string };

/** Eight of them start at once on a machine that may be busy; it only ends a test that would hang. */
const START_PATIENCE_MS = 120_000;

/** One process of the compiled service (the test command builds first), as a test steers it. */
export class TokenProcess {
  private readonly replies: TokenReply[] = [];
  private readonly printed: string[] = [];

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (reply: TokenReply) => this.replies.push(reply));
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => this.printed.push(text));
  }

  static async start(world: TokenWorld, role: 'api' | 'scheduler' = 'api'): Promise<TokenProcess> {
    const child = fork(fileURLToPath(new URL('./token-worker.mjs', import.meta.url)), {
      env: { ...world.environment, DATABASE_POOL_SIZE: '3', ROLE: role, PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const started = new TokenProcess(child);
    await started.reply('ready', START_PATIENCE_MS);
    return started;
  }

  tell(command: TokenCommand): void {
    this.child.send(command);
  }

  /** Waits for an answer of this kind. */
  async reply<K extends TokenReply['kind']>(kind: K, patienceMs?: number): Promise<Extract<TokenReply, { kind: K }>> {
    return eventually(
      `the process says "${kind}"; it printed: ${this.printed.join('')}`,
      () => {
        const failed = this.replies.find((one) => one.kind === 'failed');
        if (failed && kind !== 'failed') throw new Error(JSON.stringify(failed));
        if (this.child.exitCode !== null) throw new Error(`the process has ended:\n${this.printed.join('')}`);
        return this.replies.find((one): one is Extract<TokenReply, { kind: K }> => one.kind === kind) ?? null;
      },
      patienceMs,
    );
  }

  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
