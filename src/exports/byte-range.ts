/** A part of a file: from its first byte up to, not with, the second. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/;

const UNSATISFIABLE = 'unsatisfiable';

/** The last bytes of a file, as many as asked for or all. */
const suffixOf = (length: number, size: number): ByteRange => ({ from: Math.max(0, size - length), to: size });

/** Null: it ends before it begins, and means nothing. */
function spanOf(first: number, last: string, size: number): ByteRange | null {
  if (last === '') return { from: first, to: size };
  return Number(last) < first ? null : { from: first, to: Math.min(size, Number(last) + 1) };
}

function rangeOf(first: string, last: string, size: number): ByteRange | null {
  if (first !== '') return spanOf(Number(first), last, size);
  return last === '' ? null : suffixOf(Number(last), size);
}

/**
 * The one range a `Range` header asks for (RFC 9110).
 * @returns null where the whole file is to be answered: no header, several ranges, another unit, nonsense; `unsatisfiable` where it begins behind the end
 */
export function byteRangeOf(header: string | undefined, size: number): ByteRange | typeof UNSATISFIABLE | null {
  const match = SINGLE.exec(header ?? '');
  const range = match && rangeOf(match[1] ?? '', match[2] ?? '', size);
  return range === null || range.from < range.to ? range : UNSATISFIABLE;
}
