import type { Configuration } from './configuration.js';
import type { EnvironmentReader } from './environment-reader.js';

const HOSTS = {
  production: { api: 'https://api.allegro.pl', auth: 'https://allegro.pl' },
  sandbox: { api: 'https://api.allegro.pl.allegrosandbox.pl', auth: 'https://allegro.pl.allegrosandbox.pl' },
} as const;
const ENVIRONMENTS = ['production', 'sandbox'] as const;
/**
 * Allegro allows 9,000 requests in any minute for one client id; the service plans with 80 % of that.
 * At most 12/13 of it: a minute touches up to 13 of the budget's windows of 5 s.
 */
export const REQUESTS_PER_MINUTE = { fallback: 7_200, min: 1, max: 8_300 };

/** Allegro blocks clients that do not name themselves like `App-Name/1.2.3 (+https://page.example.com)`. */
const USER_AGENT = /^[A-Za-z0-9-]+\/[A-Za-z0-9.]+ \(\+https:\/\/[\x21-\x27\x2a-\x7e]+\)$/;

function readUserAgent(reader: EnvironmentReader): string {
  const userAgent = reader.text('ALLEGRO_USER_AGENT');
  if (userAgent !== '' && !USER_AGENT.test(userAgent)) {
    reader.refuse('ALLEGRO_USER_AGENT must look like "Registered-App-Name/1.0.0 (+https://page-about-the-app.example.com)"');
  }
  return userAgent;
}

export function readAllegro(reader: EnvironmentReader): Configuration['allegro'] {
  const environment = reader.oneOf('ALLEGRO_ENVIRONMENT', ENVIRONMENTS, 'production');
  return {
    environment,
    apiUrl: reader.httpUrl('ALLEGRO_API_URL', HOSTS[environment].api),
    authUrl: reader.httpUrl('ALLEGRO_AUTH_URL', HOSTS[environment].auth),
    clientId: reader.text('ALLEGRO_CLIENT_ID'),
    clientSecret: reader.secret('ALLEGRO_CLIENT_SECRET'),
    userAgent: readUserAgent(reader),
    requestsPerMinute: reader.integer('ALLEGRO_REQUESTS_PER_MINUTE', REQUESTS_PER_MINUTE),
  };
}
