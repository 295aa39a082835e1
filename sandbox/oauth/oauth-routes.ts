import { authError } from '../http/error-replies.js';
import type { Exchange, Route } from '../http/exchange.js';
import { plainJson, type Reply } from '../http/reply.js';
import type { World } from '../world.js';
import { APPROVAL_PATH } from './approval-page.js';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** What the application declares: asking for nothing gives all of it, asking for more gives no more. */
const DECLARED_SCOPES = ['allegro:api:profile:read', 'allegro:api:orders:read', 'allegro:api:orders:write', 'allegro:api:sale:offers:read'];

function scopesOf(wanted: string | null): readonly string[] {
  const words = (wanted ?? '').split(' ').filter((word) => word !== '');
  return words.length === 0 ? DECLARED_SCOPES : DECLARED_SCOPES.filter((scope) => words.includes(scope));
}

/** The application behind the Basic header, or why it is refused. */
function application(world: World, exchange: Exchange): string | Reply {
  const encoded = /^basic (\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return authError(401, 'unauthorized', 'Full authentication is required to access this resource');
  const { clientId, clientSecret } = world.settings;
  const known = Buffer.from(encoded, 'base64').toString('utf8') === `${clientId}:${clientSecret}`;
  return known ? clientId : authError(401, 'invalid_client', 'Bad client credentials');
}

/** Parameters come in the query or in the body: Allegro's own samples use both. */
function parameters(exchange: Exchange): URLSearchParams {
  return new URLSearchParams([...exchange.query, ...new URLSearchParams(exchange.body)]);
}

function askDevice(world: World, clientId: string, form: URLSearchParams): Reply {
  if ((form.get('client_id') ?? clientId) !== clientId) return authError(400, 'invalid_request', 'Client id mismatch');
  const grant = world.grants.ask(clientId, scopesOf(form.get('scope')));
  const page = `${world.url}${APPROVAL_PATH}`;
  return plainJson(200, {
    device_code: grant.deviceCode,
    expires_in: world.settings.deviceCodeTtlSeconds,
    user_code: grant.userCode,
    interval: world.settings.deviceIntervalSeconds,
    verification_uri: page,
    verification_uri_complete: `${page}?code=${grant.userCode}`,
  });
}

function pollDevice(world: World, clientId: string, form: URLSearchParams): Reply {
  const outcome = world.grants.poll(form.get('device_code') ?? '', clientId);
  switch (outcome.kind) {
    case 'approved':
      return plainJson(200, world.sessions.begin(outcome.seller, clientId, outcome.grant.scopes));
    case 'pending':
      return authError(400, 'authorization_pending', 'User has not authorized the device code yet.');
    case 'slow_down':
      return authError(400, 'slow_down');
    case 'denied':
      return authError(400, 'access_denied');
    case 'invalid':
      return authError(400, 'invalid_request', 'Invalid device code');
  }
}

/** The refusal echoes the token, as Allegro's does: whoever logs it whole leaks it. */
function refresh(world: World, clientId: string, form: URLSearchParams): Reply {
  const token = form.get('refresh_token') ?? '';
  const outcome = world.sessions.refresh(token, clientId);
  if (outcome.kind === 'pair') return plainJson(200, outcome.answer);
  if (outcome.kind === 'unlinked') return authError(401, 'Unauthorized');
  return authError(400, 'invalid_grant', `Invalid refresh token: ${token}`);
}

type GrantHandler = (world: World, clientId: string, form: URLSearchParams) => Reply;

const GRANTS: Readonly<Record<string, GrantHandler>> = {
  [DEVICE_GRANT]: pollDevice,
  refresh_token: refresh,
  client_credentials: (world, clientId, form) => plainJson(200, world.sessions.beginWithoutSeller(clientId, scopesOf(form.get('scope')))),
};

function token(world: World, clientId: string, form: URLSearchParams): Reply {
  const grant = GRANTS[form.get('grant_type') ?? ''];
  return grant ? grant(world, clientId, form) : authError(400, 'unsupported_grant_type', 'Unsupported grant type');
}

/** The two routes of OAuth, for applications with their id and secret. */
export function oauthRoutes(world: World): readonly Route[] {
  const route = (path: string, handle: GrantHandler): Route => ({
    method: 'POST',
    path,
    access: 'app',
    handle: (exchange) => {
      const client = application(world, exchange);
      return typeof client === 'string' ? handle(world, client, parameters(exchange)) : client;
    },
  });
  return [route('/auth/oauth/device', askDevice), route('/auth/oauth/token', token)];
}
