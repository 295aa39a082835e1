/** serialization_failure, deadlock_detected, and our own closed version gate. */
const LOST_RACE_CODES = new Set(['40001', '40P01', 'VERSION_CONFLICT']);
const UNIQUE_VIOLATION = '23505';

/** Whether an error only means that another writer came first, so that the same work may be tried again in a new transaction. */
export function isLostRace(error: unknown): boolean {
  const { code, schema } = (error ?? {}) as { code?: unknown; schema?: unknown };
  if (typeof code !== 'string') return false;
  return LOST_RACE_CODES.has(code) || (code === UNIQUE_VIOLATION && schema === 'event_log');
}
