const ID_BYTES = 8;

export const countOf = (ids: Buffer): number => ids.length / ID_BYTES;

/** The stream ids of the places `from` up to, not with, `to`. */
export function idsAt(ids: Buffer, from: number, to: number): string[] {
  const end = Math.min(to, countOf(ids));
  return Array.from({ length: Math.max(0, end - from) }, (_, index) => ids.readBigInt64BE((from + index) * ID_BYTES).toString());
}

/** Whether any of these streams is among the members. */
export function holdsAny(ids: Buffer, streamIds: readonly string[]): boolean {
  const wanted = new Set(streamIds.map(BigInt));
  for (let place = 0; place < countOf(ids); place += 1) if (wanted.has(ids.readBigInt64BE(place * ID_BYTES))) return true;
  return false;
}
