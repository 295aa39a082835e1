/** How a sandbox is to be; everything has a default. */
export interface SandboxOptions {
  readonly port?: number;
  readonly host?: string;
  /** Address under which people and clients reach it, where that is not the one it listens on. */
  readonly publicUrl?: string;
  /** Drawn when not given; always told. */
  readonly seed?: number;
  /** Orders per seller at the start. */
  readonly orders?: number;
  readonly sellers?: number;
  /** Every so many milliseconds something is bought or changes; 0 for a shop at rest. */
  readonly arrivalIntervalMs?: number;
  /** Held back before each answer of the API and of OAuth. */
  readonly latencyMs?: number;
  readonly faults?: string;
  readonly accessTokenTtlSeconds?: number;
  readonly refreshTokenTtlSeconds?: number;
  readonly refreshGraceSeconds?: number;
  readonly deviceCodeTtlSeconds?: number;
  readonly deviceIntervalSeconds?: number;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly requestsPerMinute?: number;
  /** True: requests made while blocked prolong the block. */
  readonly blockProlongs?: boolean;
  /** Requests of one seller served at once before 429; 0 for no such limit. */
  readonly parallelPerSeller?: number;
  /** Open sessions of one seller before the oldest dies. */
  readonly sessionsPerSeller?: number;
  /** The sandbox's present, in milliseconds since 1970, for a history that is the same in every run. */
  readonly startsAtMs?: number;
  /** Where the made-up history ends; the start when not said. A sandbox started again with the same one has the same past. */
  readonly historyEndsAtMs?: number;
}

export type SandboxSettings = Required<Omit<SandboxOptions, 'startsAtMs' | 'historyEndsAtMs' | 'publicUrl'>>;

/** Seeds are drawn below a million: short enough to be read aloud. */
const SEEDS = 1_000_000;

const DEFAULTS: Omit<SandboxSettings, 'seed'> = {
  port: 0,
  host: '127.0.0.1',
  orders: 1_000,
  sellers: 1,
  arrivalIntervalMs: 0,
  latencyMs: 0,
  faults: '',
  // Allegro's: 12 hours less a second, 3 months, 60 seconds, an hour.
  accessTokenTtlSeconds: 43_199,
  refreshTokenTtlSeconds: 90 * 86_400,
  refreshGraceSeconds: 60,
  deviceCodeTtlSeconds: 3_600,
  // Allegro says 5; one second keeps a demonstration short.
  deviceIntervalSeconds: 1,
  clientId: 'demo-client',
  clientSecret: 'demo-secret',
  requestsPerMinute: 9_000,
  blockProlongs: false,
  parallelPerSeller: 0,
  sessionsPerSeller: 20,
};

/** The options with everything left out filled in. */
export function settingsOf(options: SandboxOptions): SandboxSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, seed: Math.floor(Math.random() * SEEDS), ...given };
}
