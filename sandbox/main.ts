import { readCommandLine } from './command-line.js';
import { startSandbox } from './sandbox.js';

async function run(): Promise<void> {
  const sandbox = await startSandbox(readCommandLine(process.argv.slice(2), process.env));
  process.stdout.write(`${JSON.stringify({ sandboxUrl: sandbox.url, seed: sandbox.seed })}\n`);
  const end = (): void => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

run().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
