import { EnvironmentReader } from '../src/platform/config/environment-reader.js';
import type { DemoSecrets } from './demo-secrets.js';

export interface DemoAddresses {
  readonly databaseUrl: string;
  /** The sandbox that was started, or null: the environment points to another Allegro. */
  readonly sandboxUrl: string | null;
}

/** What the demo decides alone: the launcher signs the tokens it prints, so no other issuer may be configured. */
const DEMO_DECIDES = ['JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE', 'DATABASE_OWNER_URL', 'DATABASE_URL_FILE', 'DATABASE_OWNER_URL_FILE'];

/** Whether the environment points the service to an Allegro that is not ours to start. */
export function usesOtherAllegro(env: NodeJS.ProcessEnv): boolean {
  const given = new EnvironmentReader(env);
  return given.optional('ALLEGRO_API_URL') !== null || given.optional('ALLEGRO_AUTH_URL') !== null;
}

/** The service's environment in demo mode: the person's own settings stay, what is missing is filled in. */
export function demoEnvironment(env: NodeJS.ProcessEnv, secrets: DemoSecrets, addresses: DemoAddresses): NodeJS.ProcessEnv {
  const filled: NodeJS.ProcessEnv = {
    PORT: '0',
    // Whoever measures a demo measures the service, not its limits.
    RATE_LIMIT_PER_MINUTE: '6000000',
    OUTGOING_PER_MINUTE: '600000',
    JWT_SECRET: secrets.jwtSecret,
    MASTER_KEYS: secrets.masterKeys,
    HASH_PEPPER: secrets.hashPepper,
    ALLEGRO_ENVIRONMENT: 'sandbox',
    ALLEGRO_CLIENT_ID: 'demo-client',
    ALLEGRO_CLIENT_SECRET: 'demo-secret',
    ALLEGRO_USER_AGENT: 'AllegroOrderLogDemo/0.1.0 (+https://demo.example.com)',
    ...allegroAddresses(env, addresses.sandboxUrl),
  };
  const own = Object.fromEntries(Object.entries(env).filter(([name, value]) => value?.trim() !== '' && !DEMO_DECIDES.includes(name)));
  // NAME_FILE of the person's stands for NAME.
  const missing = Object.entries(filled).filter(([name]) => own[name] === undefined && own[`${name}_FILE`] === undefined);
  return { ...own, ...Object.fromEntries(missing), DATABASE_URL: addresses.databaseUrl, DEMO_MODE: 'true' };
}

function allegroAddresses(env: NodeJS.ProcessEnv, sandboxUrl: string | null): NodeJS.ProcessEnv {
  if (sandboxUrl !== null) return { ALLEGRO_API_URL: sandboxUrl, ALLEGRO_AUTH_URL: sandboxUrl };
  // One address serves both purposes of a stand-in for Allegro unless two are given.
  return { ALLEGRO_API_URL: env['ALLEGRO_AUTH_URL'], ALLEGRO_AUTH_URL: env['ALLEGRO_API_URL'] };
}
