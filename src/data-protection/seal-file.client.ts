import { appendFile, readFile, truncate } from 'node:fs/promises';
import { publishedLine, readPublished } from './published-head.js';
import type { Seal } from './seal-record.js';

/** The file seals are appended to; best on a medium the database's owner cannot write. */
export class SealFile {
  private last: string | null = null;

  constructor(private readonly path: string) {}

  /** Number of the last whole line; '0' when there is none yet. A line that a crash cut short is removed. */
  async lastNumber(): Promise<string> {
    this.last ??= await this.open();
    return this.last;
  }

  async append(seals: readonly Seal[]): Promise<void> {
    if (seals.length === 0) return;
    // Until it is known to be written whole, the end of the file is unknown.
    this.last = null;
    await appendFile(this.path, seals.map((seal) => `${publishedLine(seal)}\n`).join(''));
    this.last = seals.at(-1)?.number ?? null;
  }

  private async open(): Promise<string> {
    const bytes = await this.read();
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    if (whole.length < bytes.length) await truncate(this.path, whole.length);
    return readPublished(whole.toString('utf8')).at(-1)?.number ?? '0';
  }

  private async read(): Promise<Buffer> {
    try {
      return await readFile(this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
  }
}
