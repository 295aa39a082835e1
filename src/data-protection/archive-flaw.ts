import type { Section } from './archive-lines.js';
import type { LogFlaw, LogReport } from './log-flaw.js';

export type ArchiveFlawKind =
  | 'line_unreadable'
  | 'line_out_of_place'
  | 'header_missing'
  | 'manifest_missing'
  | 'manifest_foreign'
  | 'counts_differ'
  | 'section_altered'
  | 'archive_cut'
  | 'digest_differs'
  | 'signature_wrong'
  | 'seal_signature_wrong'
  | 'not_signed'
  | 'signed_by_another';

/** What is wrong of the archive as a file; what is wrong of the log in it is a {@link LogFlaw}. */
export interface ArchiveFlaw {
  readonly flaw: ArchiveFlawKind;
  /** Counted from 1; null where no line can be named. */
  readonly line: number | null;
  readonly section: Section | null;
}

export interface ArchiveReport extends Omit<LogReport, 'flaws'> {
  readonly archive: string | null;
  readonly erasures: number;
  /** Readable with the secret it was locked with; and those that are gone for ever. */
  readonly keys: number;
  readonly destroyedKeys: number;
  /** SHA-256 of all lines but the last: names the file. */
  readonly digest: string;
  readonly signed: boolean;
  readonly flaws: readonly (LogFlaw | ArchiveFlaw)[];
}
