import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Generated for one installation of the demo; kept so that its data can be read, and its shop goes on, after a restart. */
export interface DemoSecrets {
  readonly jwtSecret: string;
  readonly masterKeys: string;
  readonly hashPepper: string;
  readonly databasePassword: string;
  /** Draws the demo seller and the shop. */
  readonly sandboxSeed: string;
  /** When the shop's past ended, so that it is the same past after a restart. */
  readonly firstStartMs: number;
}

const KEY_BYTES = 32;
/** Short enough to be read aloud, as the sandbox's own. */
const SEEDS = 1_000_000;

export function generateDemoSecrets(): DemoSecrets {
  const key = (): string => randomBytes(KEY_BYTES).toString('base64');
  return {
    jwtSecret: randomBytes(KEY_BYTES).toString('hex'),
    masterKeys: `k1:${key()}`,
    hashPepper: key(),
    databasePassword: randomBytes(KEY_BYTES).toString('hex'),
    sandboxSeed: String(randomInt(SEEDS)),
    firstStartMs: Date.now(),
  };
}

/** The secrets in that file, generated at the first start; nobody but its owner can read it. */
export function keepDemoSecrets(file: string): DemoSecrets {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets;
  const secrets = generateDemoSecrets();
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600, flag: 'wx' });
  return secrets;
}
