import type { ExportFile } from './export-file.js';
import { exportGone, exportNotReady } from './exports.errors.js';
import { byteRangeOf, type ByteRange } from './byte-range.js';

export interface Download {
  readonly etag: string;
  /** Null: the whole file. */
  readonly range: ByteRange | 'unsatisfiable' | null;
}

/**
 * What is answered to a request for a file.
 * @param ifRange a range counts only for the file of this ETag; of another one the whole is answered
 * @throws Problem EXPORT_NOT_READY (409), EXPORT_GONE (410)
 */
export function downloadOf(
  file: ExportFile,
  { range, 'if-range': ifRange }: { readonly range?: string | undefined; readonly 'if-range'?: string | undefined },
): Download {
  const { state, sha256 } = file;
  if (state === 'waiting' || state === 'running') throw exportNotReady();
  if (state !== 'ready' || !sha256) throw exportGone(state === 'ready' ? 'failed' : state);
  const etag = `"${sha256.toString('hex')}"`;
  const isSameFile = ifRange === undefined || ifRange === etag;
  return { etag, range: isSameFile ? byteRangeOf(range, file.bytes) : null };
}
