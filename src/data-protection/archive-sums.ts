import { createHash } from 'node:crypto';
import { type ArchiveCount, type ArchiveDigest, type ArchiveManifest, COUNTS, type Section, SECTIONS } from './archive-lines.js';
import type { ArchivedKey } from './log-export.js';

/** What is counted and hashed of an archive line by line, the same way while it is written and while it is checked. */
export class ArchiveSums {
  private readonly sections = new Map(SECTIONS.map((section) => [section, createHash('sha256')]));
  private readonly counts = new Map<ArchiveCount, number>(COUNTS.map((name) => [name, 0]));
  private readonly whole = createHash('sha256');

  /** @param line without its end */
  add(section: Section | null, line: Buffer | string): void {
    if (section) this.sections.get(section)?.update(line).update('\n');
    this.whole.update(line).update('\n');
  }

  count(name: ArchiveCount): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  countKey(key: ArchivedKey | null | undefined): void {
    if (key) this.count(key.destroyedAt === null ? 'keys' : 'destroyedKeys');
  }

  /** Ends the sections. */
  manifest(archive: string): ArchiveManifest {
    return {
      archive,
      counts: Object.fromEntries(this.counts) as ArchiveManifest['counts'],
      sections: Object.fromEntries([...this.sections].map(([section, hash]) => [section, hash.copy().digest('hex')])) as ArchiveManifest['sections'],
    };
  }

  /** Of every line so far. */
  digest(): ArchiveDigest['sha256'] {
    return this.whole.copy().digest('hex');
  }
}
