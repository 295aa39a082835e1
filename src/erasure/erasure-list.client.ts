import { open, readFile } from 'node:fs/promises';

const LINE_BREAK = 0x0a;

/** Appends a line and waits until it is on the disk. What a crash left without its line break is ended first, so that it spoils no other line. */
export async function appendLine(path: string, line: string): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const isTorn = size > 0 && last[0] !== LINE_BREAK;
    await file.appendFile(isTorn ? `\n${line}` : line);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The lines of the file; none when it does not exist yet. @throws when it cannot be read */
export async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
