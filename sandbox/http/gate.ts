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

function checkRate(world: World, exchange: Exchange): Reply | null {
  return world.rateLimit.admit(exchange.session?.clientId ?? '') ? null : tooManyRequests();
}

/** What stands between a request and the API; answers why it is refused, or null. */
export function gate(world: World, exchange: Exchange): Reply | null {
  const { 'user-agent': agent = '', accept = '', 'accept-language': language = '' } = exchange.headers;
  if (!USER_AGENT.test(agent)) return accessDenied();
  const refused = checkToken(world, exchange) ?? checkRate(world, exchange);
  if (refused) return refused;
  return accept.includes(MEDIA_TYPE) ? null : notAcceptable(language);
}
