import { parseArgs } from 'node:util';

export interface LauncherOptions {
  /** Print one JSON line on standard output when ready, everything else on standard error. */
  readonly json: boolean;
  /** Do the main job once on fresh, temporary storage and exit. */
  readonly smoke: boolean;
}

/** @throws Error naming an argument that does not exist */
export function readOptions(args: readonly string[]): LauncherOptions {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, smoke: { type: 'boolean' } } });
  return { json: values.json ?? false, smoke: values.smoke ?? false };
}
