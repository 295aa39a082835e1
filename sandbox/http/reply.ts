import type { Json } from '../json.js';

/**
 * How the answer travels: whole; `reset` before the headers; `cut` in the middle of the body by a reset;
 * `short` closed properly but with less than announced.
 */
type Manner = 'whole' | 'reset' | 'cut' | 'short';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly manner: Manner;
  readonly delayMs: number;
  /** Set where the body is (or claims to be) encoded already. */
  readonly encoded: boolean;
}

export const ALLEGRO_JSON = 'application/vnd.allegro.public.v1+json;charset=UTF-8';

export function reply(status: number, contentType: string, body: string | Buffer): Reply {
  return { status, headers: { 'content-type': contentType }, body, manner: 'whole', delayMs: 0, encoded: false };
}

export function allegroJson(status: number, body: Json): Reply {
  return reply(status, ALLEGRO_JSON, JSON.stringify(body));
}

export function plainJson(status: number, body: unknown): Reply {
  return reply(status, 'application/json;charset=UTF-8', JSON.stringify(body));
}

export function html(status: number, body: string): Reply {
  return reply(status, 'text/html;charset=UTF-8', body);
}
