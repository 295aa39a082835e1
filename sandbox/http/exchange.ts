import type { IncomingHttpHeaders } from 'node:http';
import type { Session } from '../oauth/sessions.js';
import type { Reply } from './reply.js';

/** One request on its way through the sandbox. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Values of the `{name}` parts of the route. */
  readonly params: Readonly<Record<string, string>>;
  /** The label of the route, such as `GET /order/events`. */
  readonly route: string;
  /** How many requests of this route came before. */
  readonly turn: number;
  /** The consent behind the bearer token, once it was checked. */
  session: Session | null;
}

type Handler = (exchange: Exchange) => Reply | Promise<Reply>;

/** `seller` routes are Allegro's API, `app` routes OAuth, `page` what people see, `control` the sandbox's own. */
export type Access = 'seller' | 'app' | 'page' | 'control';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
  readonly handle: Handler;
}
