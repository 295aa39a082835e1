import type { ArchiveReport } from '../data-protection/archive-flaw.js';

/** An archive that is not taken; nothing of it was kept. */
export class ArchiveRefused extends Error {
  constructor(
    message: string,
    /** What its verification found. */
    readonly report: ArchiveReport,
  ) {
    super(message);
  }
}
