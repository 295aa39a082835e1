import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { bearer, inSeconds, signHs256, tokenOf } from '../support/access-tokens.js';
import { changedTables } from '../support/interface/changed-tables.js';
import { addressOf, fill, type FilledRequest, namesSomething } from '../support/interface/fillers.js';
import { documentOf, type InterfaceDocument, type Operation, operationsOf } from '../support/interface/operations.js';
import { InterfaceStage, type Subjects, unusedPair } from '../support/interface/stage.js';
import type { Json } from '../support/service.js';

const OWNER = 'tenant-owner';
const STRANGER = 'tenant-stranger';
const ROLES = ['seller', 'operator', 'support'];

/** Outside the document: what says how the service is, and the document itself. */
const UNDOCUMENTED = [
  '/', '/livez', '/readyz', '/health', '/metrics', '/docs', '/docs/start.js', '/docs/:file', '/openapi.json', '/api/v1/openapi.json',
]; // prettier-ignore
/** Operators may ask for it: the contract's own way, audited. */
const OPERATORS_REACH_OTHERS = 'GET /api/v1/tokens/user/{user_id}';
/** Its answer has no end; the tests of the change feed read it. */
const ENDLESS = 'GET /api/v1/changes/stream';

const registered: { method: string; url: string }[] = [];
let stage: InterfaceStage;
let document: InterfaceDocument;
let operations: readonly Operation[];
let strangersToken: string;
let subjects: Subjects;

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // the pause the stage brings about
  const onRoute = ({ method, url }: { method: string | string[]; url: string }): void => {
    for (const one of [method].flat()) registered.push({ method: one, url });
  };
  stage = await InterfaceStage.start(OWNER, { onRoute });
  document = documentOf(stage.service.app);
  operations = operationsOf(document);
  strangersToken = (await stage.service.connect('strange shop', stage.world.sandbox.sellers()[1]?.id, STRANGER)).tokenId;
  subjects = { ...stage.subjects, ...((await unusedPair(stage)) as Record<string, string>) };
});
afterAll(() => stage.stop());

async function send(operation: Operation, request: FilledRequest, token: string | null, query = ''): Promise<{ status: number; text: string }> {
  const address = addressOf(operation, request);
  const url = query === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${query}`;
  const headers = { 'content-type': 'application/json', ...(token === null ? {} : bearer(token)) };
  const answer = await stage.service.app.inject({
    method: operation.method,
    url,
    headers,
    ...(request.body === null ? {} : { payload: JSON.stringify(request.body) }),
  });
  return { status: answer.statusCode, text: answer.body };
}

const told = ({ name }: Operation, by: string, { status, text }: { status: number; text: string }): string =>
  `${name} by ${by}: ${String(status)} ${text.slice(0, 200)}`;

/** All wrong answers at once, each with its route. */
async function wrongAnswers(of: readonly Operation[], ask: (operation: Operation) => Promise<string[]>): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of of) wrong.push(...(await ask(operation)));
  return wrong;
}

describe('every route of the running application', () => {
  it('is in the document, or says how the service is', () => {
    const documented = new Set(operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`));
    const unknown = registered
      .filter(({ method }) => !['HEAD', 'OPTIONS'].includes(method))
      .map(({ method, url }) => `${method} ${url === '/' ? url : url.replace(/\/$/, '')}`)
      .filter((route) => !documented.has(route) && !UNDOCUMENTED.includes(route.split(' ')[1] ?? ''));
    expect([...new Set(unknown)]).toEqual([]);
    expect(registered.length).toBeGreaterThanOrEqual(operations.length);
  });

  it('has an entry in this matrix: everything its address and body name is filled', () => {
    const unfilled = operations.flatMap((operation) => {
      try {
        fill(operation, document, subjects);
        return [];
      } catch (error) {
        return [(error as Error).message];
      }
    });
    expect(unfilled).toEqual([]);
  });
});

describe('every documented route', () => {
  const claims = { user_id: OWNER, roles: ROLES };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const cases: readonly (readonly [string, () => string | null])[] = [
    ['no token', () => null],
    ['an expired token', () => signHs256({ ...claims, exp: inSeconds(-1) })],
    ['the algorithm none', () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ ...claims, exp: inSeconds(60) })}.`],
    ['the shared secret as RS256', () => signHs256({ ...claims, exp: inSeconds(60) }, { alg: 'RS256' })],
    ['the signature of another secret', () => signHs256({ ...claims, exp: inSeconds(60) }, {}, 'a secret of somebody else, long enough')],
  ];
  it.each(cases)('answers 401 to %s, and nothing changes', async (name, token) => {
    const before = await stage.stored();
    const wrong = await wrongAnswers(operations, async (operation) => {
      const answer = await send(operation, fill(operation, document, subjects), token());
      return answer.status === 401 ? [] : [told(operation, name, answer)];
    });
    expect(wrong).toEqual([]);
    expect(await stage.stored()).toBe(before);
  });

  it('answers 403 to a role that its document does not name in the own tenant, and 404 in another one', async () => {
    const before = await stage.stored();
    let refused = 0;
    const wrong = await wrongAnswers(operations, async (operation) => {
      const request = fill(operation, document, subjects);
      const { roles, rolesAcrossTenants } = operation;
      const tries: (readonly [number, string, string, string])[] = [];
      if (!roles.includes('seller')) tries.push([403, 'seller', tokenOf(OWNER, { roles: ['seller'] }), '']);
      if (!roles.includes('seller') && !roles.includes('support')) tries.push([403, 'support', tokenOf(OWNER, { roles: ['support'] }), '']);
      if (!rolesAcrossTenants.includes('support'))
        tries.push([404, 'support across tenants', tokenOf('staff', { roles: ['support', 'seller'] }), `user_id=${OWNER}`]);
      refused += tries.length;
      const answers = await Promise.all(
        tries.map(async ([wanted, by, token, query]) => ({ wanted, by, answer: await send(operation, request, token, query) })),
      );
      return answers.filter(({ wanted, answer }) => answer.status !== wanted).map(({ by, answer }) => told(operation, by, answer));
    });
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(operations.length / 3);
    expect(await stage.stored()).toBe(before);
  });
});

describe('a stranger who knows every id of another tenant', () => {
  const weakest = ({ roles }: Operation): string => (roles.includes('seller') ? 'seller' : (roles[0] ?? 'seller'));
  const rolesFor = (operation: Operation): string[] => [...new Set([weakest(operation), ...(operation.name === OPERATORS_REACH_OTHERS ? [] : ['operator'])])];

  /** With all ids of the owner, and with the stranger's own token beside the owner's other ids. */
  function requestsOf(operation: Operation): (readonly [string, FilledRequest])[] {
    const request = fill(operation, document, subjects);
    const { query, body, path } = request;
    const mixed = {
      path,
      query: 'token_id' in query ? { ...query, token_id: strangersToken } : query,
      body: body && 'token_id' in body ? { ...body, token_id: strangersToken } : body,
    };
    const isMixable = Object.keys(path).length > 0 && ('token_id' in query || 'token_id' in (body ?? {}));
    const requests: (readonly [string, FilledRequest])[] = [['foreign ids', request]];
    return isMixable ? [...requests, ['the own token and foreign ids', mixed]] : requests;
  }

  // Before the tries below: of those the stranger's own audit trail tells, with every id.
  it('is told nothing of them where none is named, and changes nothing of theirs', async () => {
    const unnamed = operations.filter((operation) => !namesSomething(fill(operation, document, subjects)));
    const secret = Object.entries(stage.subjects).filter(([name, value]) => name.endsWith('id') && value.length >= 8);
    const before = await stage.stored(OWNER);
    const wrong = await wrongAnswers(unnamed, async (operation) => {
      const answer = await send(operation, fill(operation, document, subjects), tokenOf(STRANGER, { roles: ROLES }));
      const leaked = secret.filter(([, value]) => answer.text.includes(value)).map(([name]) => name);
      return answer.status < 300 && leaked.length === 0 ? [] : [`${told(operation, 'stranger', answer)} ${leaked.join(',')}`];
    });
    expect(wrong).toEqual([]);
    expect(await stage.stored(OWNER)).toBe(before);
  });

  it('gets 404 wherever one of them is named, and nothing changes', async () => {
    const named = operations.filter((operation) => namesSomething(fill(operation, document, subjects)));
    expect(named.length).toBeGreaterThan(60);
    let before = await stage.stored();
    const wrong = await wrongAnswers(named, async (operation) => {
      const found: string[] = [];
      for (const [kind, request] of requestsOf(operation)) {
        for (const role of rolesFor(operation)) {
          const answer = await send(operation, request, tokenOf(STRANGER, { roles: [role] }));
          if (answer.status !== 404) found.push(told(operation, `${role} with ${kind}`, answer));
        }
      }
      const after = await stage.stored();
      if (after !== before) found.push(`${operation.name}: something changed ${changedTables(before, after)}`);
      before = after;
      return found;
    });
    expect(wrong).toEqual([]);
  });
});

describe('the owner, with the same requests', () => {
  /** Reading first, deleting last: what an earlier request took away no later one finds. */
  const weight = ({ method, path }: Operation): number => ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'].indexOf(method) + (path.includes('/tokens') ? 10 : 0);

  it('is never refused, so that the refusals above were about the caller', async () => {
    const asked = [...operations].filter(({ name }) => name !== ENDLESS).sort((a, b) => weight(a) - weight(b));
    const pair: Json = await unusedPair(stage);
    const wrong = await wrongAnswers(asked, async (operation) => {
      const request = fill(operation, document, { ...subjects, ...(pair as Record<string, string>) });
      const answer = await send(operation, request, tokenOf(OWNER, { roles: ROLES }));
      return answer.status < 300 || answer.status === 409 ? [] : [told(operation, 'its owner', answer)];
    });
    expect(wrong).toEqual([]);
  });
});
