import { parseArgs } from 'node:util';
import type { SandboxOptions } from './settings.js';

const NUMBERS = {
  port: 'port',
  seed: 'seed',
  orders: 'orders',
  sellers: 'sellers',
  'arrival-ms': 'arrivalIntervalMs',
  'latency-ms': 'latencyMs',
  'access-token-seconds': 'accessTokenTtlSeconds',
  'device-interval-seconds': 'deviceIntervalSeconds',
  'requests-per-minute': 'requestsPerMinute',
  'history-ends-at-ms': 'historyEndsAtMs',
} as const;

const TEXTS = { host: 'host', 'public-url': 'publicUrl', faults: 'faults', 'client-id': 'clientId', 'client-secret': 'clientSecret' } as const;

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,13}$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}

/**
 * Reads the options of the command line; SANDBOX_SEED and SANDBOX_FAULTS stand in where they are not given.
 * @throws Error naming the option that is wrong
 */
export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): SandboxOptions {
  const names = [...Object.keys(NUMBERS), ...Object.keys(TEXTS)];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const values: Record<string, string | boolean | undefined> = {
    seed: env['SANDBOX_SEED'] || undefined,
    faults: env['SANDBOX_FAULTS'] || undefined,
    ...parseArgs({ args: [...args], options }).values,
  };
  const read: Record<string, string | number> = {};
  for (const [name, key] of Object.entries(NUMBERS)) {
    if (typeof values[name] === 'string') read[key] = wholeNumber(`--${name}`, values[name]);
  }
  for (const [name, key] of Object.entries(TEXTS)) {
    if (typeof values[name] === 'string') read[key] = values[name];
  }
  return read;
}
