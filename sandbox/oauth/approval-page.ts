import type { Exchange, Route } from '../http/exchange.js';
import { html, type Reply } from '../http/reply.js';
import type { Seller } from '../shop/sellers.js';
import type { World } from '../world.js';
import type { DeviceGrant } from './device-grants.js';

/** Allegro's own sandbox has its page here; production has it at /skojarz-aplikacje. */
export const APPROVAL_PATH = '/uzytkownik/bezpieczenstwo/skojarz-aplikacje';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#222}
h1{font-size:1.4rem}code{font-size:1.6rem;letter-spacing:.15em}label{display:block;margin:1rem 0 .3rem}
select,input{font:inherit;padding:.5rem;width:100%;box-sizing:border-box}button{font:inherit;padding:.6rem 1.4rem;margin:1.2rem .6rem 0 0;cursor:pointer}
.note{background:#fff4d6;padding:.6rem .8rem;border-radius:.4rem}`;

function page(status: number, title: string, content: string): Reply {
  const answer = html(
    status,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${STYLE}</style></head><body>
<p class="note">Allegro sandbox: invented sellers, invented buyers, nothing real.</p><h1>${escape(title)}</h1>${content}</body></html>`,
  );
  const security = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
  return { ...answer, headers: { ...answer.headers, 'content-security-policy': security, 'referrer-policy': 'no-referrer' } };
}

/** Read aloud in groups of three, as Allegro advises to show it. */
function grouped(userCode: string): string {
  return (userCode.match(/.{1,3}/g) ?? []).join(' ').toUpperCase();
}

function question(world: World, grant: DeviceGrant): Reply {
  const sellers = world.sellers.map(({ id, login }) => `<option value="${escape(id)}">${escape(login)} (${escape(id)})</option>`);
  return page(
    200,
    'Connect an application to your account',
    `<p>The application <b>${escape(grant.clientId)}</b> asks for: ${escape(grant.scopes.join(', '))}.</p>
<p>Its code: <code>${escape(grouped(grant.userCode))}</code></p>
<form method="post" action="${APPROVAL_PATH}"><input type="hidden" name="code" value="${escape(grant.userCode)}">
<label for="seller">Answer as seller</label><select id="seller" name="seller">${sellers.join('')}</select>
<button name="answer" value="approve">Approve</button><button name="answer" value="deny">Deny</button></form>`,
  );
}

function askForCode(message: string, status: number): Reply {
  return page(
    status,
    'Connect an application',
    `<p>${escape(message)}</p><form method="get" action="${APPROVAL_PATH}"><label for="code">Code shown by the application</label>
<input id="code" name="code" autocomplete="off" autofocus><button>Continue</button></form>`,
  );
}

function show(world: World, exchange: Exchange): Reply {
  const code = exchange.query.get('code');
  if (code === null) return askForCode('Type the code that the application shows.', 200);
  const grant = world.grants.waiting(code);
  return grant ? question(world, grant) : askForCode('This code is unknown, expired or already answered.', 404);
}

/** Another site's page must not be able to answer for the person in front of this one. */
function fromElsewhere(exchange: Exchange): boolean {
  const site = exchange.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

function settle(grant: DeviceGrant, seller: Seller | null): void {
  grant.answer = seller ? 'approved' : 'denied';
  grant.seller = seller;
}

function answer(world: World, exchange: Exchange): Reply {
  if (fromElsewhere(exchange)) return page(403, 'Not from here', '<p>Answer on this page itself.</p>');
  const { code = '', seller: wanted, answer: word } = Object.fromEntries(new URLSearchParams(exchange.body));
  const grant = world.grants.waiting(code);
  const seller = world.seller(wanted);
  if (!grant || !seller) return askForCode('This code is unknown, expired or already answered.', 404);
  settle(grant, word === 'approve' ? seller : null);
  return page(200, grant.seller ? 'Connected' : 'Refused', '<p>You can close this page and return to the application.</p>');
}

export function approvalRoutes(world: World): readonly Route[] {
  return [APPROVAL_PATH, '/skojarz-aplikacje'].flatMap((path): Route[] => [
    { method: 'GET', path, access: 'page', handle: (exchange) => show(world, exchange) },
    { method: 'POST', path, access: 'page', handle: (exchange) => answer(world, exchange) },
  ]);
}
