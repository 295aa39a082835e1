import type { World } from '../world.js';
import { accessDenied, expiredToken, noToken, notAcceptable, tooManyRequests, unreadableToken } from './error-replies.js';
import type { Exchange } from './exchange.js';
import type { Reply } from './reply.js';

/** `RegisteredName/version (+https://page-about-it)`; library defaults are refused since the end of June 2026. */
const USER_AGENT = /^[\w.-]+\/[\w.-]+ \(\+https?:\/\/[^\s()]+\)$/;

const MEDIA_TYPE = 'application/vnd.allegro.public.v1+json';

function checkToken(world: World, exchange: Exchange): Reply | null {
  const token = /^bearer (\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
  if (token === undefined) return noToken();
  const access = world.sessions.access(token);
  if (access.kind === 'open') exchange.session = access.session;
  else return access.kind === 'unknown' ? unreadableToken() : expiredToken();
  return null;
}

/** What stands between a request and the API; answers why it is refused, or null. */
export function gate(world: World, exchange: Exchange): Reply | null {
  if (!USER_AGENT.test(exchange.headers['user-agent'] ?? '')) return accessDenied();
  const refused = checkToken(world, exchange);
  if (refused) return refused;
  if (!world.rateLimit.admit(exchange.session?.clientId ?? '')) return tooManyRequests();
  if (!(exchange.headers.accept ?? '').includes(MEDIA_TYPE)) return notAcceptable(exchange.headers['accept-language'] ?? '');
  return null;
}
