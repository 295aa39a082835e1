import type { Configuration } from '../config/configuration.js';

/** One year, as the preload lists ask. */
const HSTS = 'max-age=31536000; includeSubDomains';

/** Headers of every answer; a page that shows something replaces the content policy by its own. */
export function securityHeaders(configuration: Pick<Configuration, 'production' | 'demo'>): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    ...(configuration.production ? { 'Strict-Transport-Security': HSTS } : {}),
    ...(configuration.demo ? { 'X-Demo-Mode': 'true' } : {}),
  };
}
