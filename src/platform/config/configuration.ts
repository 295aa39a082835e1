import type { Secret } from '../../core/secret.js';
import { readAccess, readMasterKeys, readPepper } from './access-settings.js';
import { readAllegro } from './allegro-settings.js';
import { EnvironmentReader, type FileReader } from './environment-reader.js';
import { readLogging } from './logging-settings.js';
import { readErasure, readIntegrity, readMonitoring } from './protection-settings.js';
import { refuseUnsafeProduction } from './production-rules.js';
import { readRetention } from './retention-settings.js';
import { readDatabase, readHttp, readRedis, readSync, readWebhooks } from './server-settings.js';

/** Injection token: `@Inject(CONFIGURATION) config: Configuration`. */
export const CONFIGURATION = Symbol('configuration');

export type ProcessRole = 'api' | 'worker' | 'scheduler' | 'all';
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
export type AccessKey = { readonly kind: 'secret'; readonly secret: Secret } | { readonly kind: 'jwks'; readonly url: string };

/** Everything the environment decides, parsed once at start and frozen. */
export interface Configuration {
  readonly demo: boolean;
  readonly production: boolean;
  readonly role: ProcessRole;
  readonly http: {
    readonly host: string;
    /** 0 asks the system for a free port. */
    readonly port: number;
    readonly corsOrigins: readonly string[];
    /** One reverse proxy stands in front, whose `X-Forwarded-*` headers are believed. */
    readonly trustProxy: boolean;
    readonly limits: {
      /** Of one tenant; 0 sets none. */
      readonly requestsPerMinute: number;
      /** Of all requests, the ones that ask Allegro or send something; 0 sets none. */
      readonly outgoingPerMinute: number;
      /** Without a valid token or address, of one network address; 0 sets none. */
      readonly refusalsPerMinute: number;
      readonly bodyKib: number;
      /** In which a request has to arrive whole. */
      readonly requestSeconds: number;
    };
  };
  readonly database: { readonly url: Secret; readonly ownerUrl: Secret | null; readonly poolSize: number };
  /** null: BullMQ runs on its PostgreSQL backend. */
  readonly redis: { readonly url: Secret } | null;
  readonly access: { readonly key: AccessKey; readonly issuer: string | null; readonly audience: string | null };
  readonly allegro: {
    readonly environment: 'production' | 'sandbox';
    readonly apiUrl: string;
    /** Origin of the OAuth host; the paths below it start with `/auth/oauth`. */
    readonly authUrl: string;
    readonly clientId: string;
    readonly clientSecret: Secret;
    readonly userAgent: string;
    readonly requestsPerMinute: number;
  };
  readonly masterKeys: { readonly currentId: string; readonly keys: ReadonlyMap<string, Secret> };
  /** Key of the HMACs that outlive an erasure: 32 bytes in base64. */
  readonly hashPepper: Secret;
  readonly logging: { readonly level: LogLevel; readonly levels: Readonly<Record<string, LogLevel>> };
  readonly integrity: {
    readonly sealIntervalSeconds: number;
    /** Most events of one seal. */
    readonly sealBatchEvents: number;
    /** Ed25519; null leaves seals unsigned. */
    readonly signingKey: Secret | null;
    /** Seals are also appended to this file. */
    readonly sealFile: string | null;
  };
  /** Erasures are also appended to this file and applied again at start, should the database be an older copy by then. */
  readonly erasure: { readonly listFile: string | null };
  readonly monitoring: {
    readonly intervalSeconds: number;
    /** Bad looks in a row that raise an alert, and good ones that clear it. */
    readonly raiseAfter: number;
    readonly clearAfter: number;
    /** Null: alerts are log lines only. An address like this often holds a secret. */
    readonly webhookUrl: Secret | null;
  };
  /** How many days what is over and done with is kept; events are kept for ever. */
  readonly retention: {
    readonly taskDays: number;
    readonly syncRunDays: number;
    readonly changeDays: number;
    readonly alertDays: number;
    readonly deliveryDays: number;
  };
  /** allowLoopback: receivers may stand on this machine, without TLS; demo mode alone. */
  readonly webhooks: { readonly allowLoopback: boolean };
  readonly sync: {
    readonly concurrency: number;
    /** Purchases of so many days are swept daily (and everything weekly); 0 sweeps only when asked. */
    readonly sweepDays: number;
    readonly shipmentsPerRun: number;
  };
}

const ROLES: readonly ProcessRole[] = ['api', 'worker', 'scheduler', 'all'];

/** Every mistake of the environment at once, by the variable's name and never with its value. */
export class ConfigurationMistakes extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(`the configuration is not usable:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
    this.name = 'ConfigurationMistakes';
  }
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) freeze(part);
  }
  return Object.freeze(value);
}

/**
 * Parses the environment.
 * @param env variables by name; a secret may come as a file named by `NAME_FILE`
 * @param readFile reads such a file; given by tests
 * @throws ConfigurationMistakes naming every mistake
 */
export function parseConfiguration(env: Readonly<Record<string, string | undefined>>, readFile?: FileReader): Configuration {
  const reader = new EnvironmentReader(env, readFile);
  const configuration: Configuration = {
    demo: reader.flag('DEMO_MODE', false),
    production: reader.text('NODE_ENV', 'development') === 'production',
    role: reader.oneOf('ROLE', ROLES, 'all'),
    http: readHttp(reader),
    database: readDatabase(reader),
    redis: readRedis(reader),
    access: readAccess(reader),
    allegro: readAllegro(reader),
    masterKeys: readMasterKeys(reader),
    hashPepper: readPepper(reader),
    logging: readLogging(reader),
    integrity: readIntegrity(reader),
    erasure: readErasure(reader),
    monitoring: readMonitoring(reader),
    retention: readRetention(reader),
    webhooks: readWebhooks(reader),
    sync: readSync(reader),
  };
  refuseUnsafeProduction(configuration, reader);
  if (reader.mistakes.length > 0) throw new ConfigurationMistakes(reader.mistakes);
  return freeze(configuration);
}
