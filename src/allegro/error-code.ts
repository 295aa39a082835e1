/** The code of a system error (`ECONNRESET`), wherever it was made; undefined when it has none. Its message may hold addresses. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
