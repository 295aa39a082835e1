import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;
/** Far above what any condition of these tests takes; it only ends a test that would hang. */
const PATIENCE_MS = 40_000;

/** Waits until `holds` answers true (or a value); fails with `what` when it never does. */
export async function eventually<T>(what: string, holds: () => T | Promise<T>, patienceMs = PATIENCE_MS): Promise<NonNullable<T>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await holds();
    if (value !== false && value !== null && value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`it did not come true within ${patienceMs} ms: ${what}`);
    await delay(POLL_MS);
  }
}
