import type { KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { JsonObject } from '../core/json.js';
import { ArchiveCheck } from './archive-check.js';
import type { ArchiveReport } from './archive-flaw.js';
import { type ArchivedErasure, type ArchiveHeader, readHeader } from './archive-lines.js';
import { ArchiveLock, type LockSecret } from './archive-lock.js';
import { ArchiveSums } from './archive-sums.js';
import type { SealTip } from './check-seals.js';
import { type ArchivedKey, type ExportedEvent, type ExportedHead, readExportLine } from './log-export.js';

/** Above any line there is: a document of some megabytes, sealed. A file without line ends must not fill the memory. */
const LONGEST_LINE_BYTES = 64 * 2 ** 20;
const NEWLINE = 0x0a;

export interface ArchivedEvent {
  readonly event: ExportedEvent;
  readonly key: ArchivedKey | null;
}

export interface ArchivedStream {
  readonly head: ExportedHead;
  readonly key: ArchivedKey | null;
  readonly events: readonly ArchivedEvent[];
}

/** What an archive holds, in its order; streams whole. */
export type ArchivePart =
  | { readonly kind: 'header'; readonly header: ArchiveHeader }
  | { readonly kind: 'stream'; readonly stream: ArchivedStream }
  | { readonly kind: 'seal'; readonly number: string; readonly line: string }
  | { readonly kind: 'erasure'; readonly erasure: ArchivedErasure }
  /** Comes last: the hash of the lines as they were read this time. */
  | { readonly kind: 'digest'; readonly sha256: string };

export interface ArchiveTrust {
  /** Whoever signed has to be this one. */
  readonly publicKey?: KeyObject | null;
  readonly published?: readonly SealTip[];
}

export interface VerifiedArchive {
  readonly report: ArchiveReport;
  readonly sequences: { readonly low: string; readonly high: string } | null;
}

/** An archive as a file; read as a stream, as often as needed. */
export class ArchiveFile {
  constructor(private readonly path: string) {}

  /** Needs no database and no key. */
  async verify({ publicKey = null, published = [] }: ArchiveTrust = {}): Promise<VerifiedArchive> {
    const check = new ArchiveCheck(publicKey);
    for await (const { bytes, isWhole } of this.lines()) {
      if (isWhole) check.add(bytes);
      else check.cut();
    }
    return { report: check.report(published), sequences: check.sequences };
  }

  /** @throws when a line is none of an archive: {@link verify} names what is wrong */
  async *parts(): AsyncGenerator<ArchivePart> {
    const sums = new ArchiveSums();
    let stream: (ArchivedStream & { readonly events: ArchivedEvent[] }) | null = null;
    for await (const { bytes } of this.lines()) {
      const row = JSON.parse(bytes.toString('utf8')) as JsonObject;
      if (row['kind'] === 'digest') {
        yield { kind: 'digest', sha256: sums.digest() };
        return;
      }
      sums.add(null, bytes);
      if (row['kind'] === 'event') {
        const { event, key } = readExportLine(row) as ArchivedEvent & { kind: 'event' };
        stream?.events.push({ event, key });
        continue;
      }
      if (stream) yield { kind: 'stream', stream };
      stream = row['kind'] === 'stream' ? { ...(readExportLine(row) as Omit<ArchivedStream, 'events'>), events: [] } : null;
      yield* partOf(row, bytes);
    }
  }

  /** Null where the first line is none. */
  async header(): Promise<ArchiveHeader | null> {
    for await (const part of this.parts()) return part.kind === 'header' ? part.header : null;
    return null;
  }

  /** @throws when it was locked with another secret, or holds no keys */
  async unlock(secret: LockSecret, { id, lock }: ArchiveHeader): Promise<ArchiveLock> {
    if (!lock) throw new Error('the archive was made without its keys: it can be verified, not imported');
    return ArchiveLock.open(secret, id, lock);
  }

  private async *lines(): AsyncGenerator<{ bytes: Buffer; isWhole: boolean }> {
    let rest: Buffer[] = [];
    let length = 0;
    for await (const chunk of createReadStream(this.path) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        yield { bytes: Buffer.concat([...rest, chunk.subarray(start, end)]), isWhole: true };
        [rest, length, start] = [[], 0, end + 1];
      }
      rest.push(chunk.subarray(start));
      length += chunk.length - start;
      if (length > LONGEST_LINE_BYTES) throw new Error('the file has a line that is longer than any of an archive');
    }
    if (length > 0) yield { bytes: Buffer.concat(rest), isWhole: false };
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

function* partOf(row: JsonObject, bytes: Buffer): Generator<ArchivePart> {
  if (row['kind'] === 'archive') yield { kind: 'header', header: readHeader(row) };
  if (row['kind'] === 'seal') yield { kind: 'seal', number: textOf(row['number']), line: bytes.toString('utf8') };
  if (row['kind'] === 'erasure') yield { kind: 'erasure', erasure: row as unknown as ArchivedErasure };
}
