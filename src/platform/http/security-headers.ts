import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import type { Configuration } from '../config/configuration.js';

/** One year, as the preload lists ask. */
const HSTS = { maxAge: 31_536_000, includeSubDomains: true };

/** What helmet sets; constant, so it is asked once and not at every request. */
function helmetHeaders(production: boolean): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = { setHeader: (name: string, value: string) => (headers[name] = value), removeHeader: () => undefined };
  const setHeaders = helmet({
    // Ours is stricter, and pages replace it by their own.
    contentSecurityPolicy: false,
    strictTransportSecurity: production ? HSTS : false,
    xFrameOptions: { action: 'deny' },
  });
  setHeaders({} as IncomingMessage, response as unknown as ServerResponse, (error?: unknown) => {
    if (error !== undefined) throw new Error('helmet could not set its headers', { cause: error });
  });
  return headers;
}

/** Headers of every answer; a page that shows something replaces the content policy by its own. */
export function securityHeaders({ production, demo }: Pick<Configuration, 'production' | 'demo'>): Readonly<Record<string, string>> {
  return {
    ...helmetHeaders(production),
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    ...(demo ? { 'X-Demo-Mode': 'true' } : {}),
  };
}
