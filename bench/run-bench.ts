import { loadavg } from 'node:os';
import { RunningParts } from '../launcher/running-parts.js';

/** The service, the sandbox and PostgreSQL are each given some seconds; a benchmark that hangs in its end is ended. */
const STOP_WITHIN_MS = 20_000;

/** Prints a line for people. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs a benchmark: its lines, among them the load of the machine before and after, then one line of JSON with the figures.
 * Ends by itself, at the latest after `withinMs`, and stops what it started; with exit code 1 also where `missed` names something.
 */
export async function runBench<Figures extends object>(
  name: string,
  withinMs: number,
  work: (parts: RunningParts) => Promise<Figures>,
  missed: (figures: Figures) => readonly string[] = () => [],
): Promise<never> {
  const parts = new RunningParts();
  const loadBefore = loadavg()[0];
  const end = async (code: number): Promise<never> => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    await parts.stopAll().catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
    });
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void end(1));
  process.once('disconnect', () => void end(1)); // whoever started us is gone
  setTimeout(() => {
    process.stderr.write(`${name} did not end within ${String(withinMs / 1_000)} s\n`);
    void end(1);
  }, withinMs).unref();
  try {
    const figures = await work(parts);
    tell(`${name}: load of the machine ${String(loadBefore)} before, ${String(loadavg()[0])} after`);
    tell(JSON.stringify(figures));
    return await end(codeOf(name, missed(figures)));
  } catch (error) {
    if (!parts.isStopping) process.stderr.write(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return end(1);
  }
}

function codeOf(name: string, missed: readonly string[]): number {
  if (missed.length === 0) return 0;
  process.stderr.write(`${name}: missed ${missed.join(', ')}\n`);
  return 1;
}

export function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
