import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { KEY_SCOPES } from '../../src/platform/http/access/key-scopes.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { changedTables } from '../support/interface/changed-tables.js';
import { addressOf, fill, namesSomething } from '../support/interface/fillers.js';
import { documentOf, type InterfaceDocument, type Operation, operationsOf } from '../support/interface/operations.js';
import { InterfaceStage, type Subjects, unusedPair } from '../support/interface/stage.js';
import { callWith, makeKey } from '../support/key-client.js';
import type { Json } from '../support/service.js';

const OWNER = 'tenant-owner';
const STRANGER = 'tenant-stranger';

let stage: InterfaceStage;
let document: InterfaceDocument;
let operations: readonly Operation[];
let subjects: Subjects;
/** Keys of the owner with all scopes but the one they are named by. */
const without = new Map<string, string>();
let whole: string;
let strange: string;
const ended: Record<string, string> = {};

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // the pause the stage brings about
  stage = await InterfaceStage.start(OWNER);
  document = documentOf(stage.service.app);
  operations = operationsOf(document);
  subjects = { ...stage.subjects, ...((await unusedPair(stage)) as Record<string, string>) };
  for (const scope of KEY_SCOPES) without.set(scope, await used(KEY_SCOPES.filter((other) => other !== scope)));
  whole = await used(KEY_SCOPES);
  strange = await used(KEY_SCOPES, STRANGER);
  const [revoked, expired] = [await makeKey(stage.service, KEY_SCOPES, OWNER), await makeKey(stage.service, KEY_SCOPES, OWNER)];
  await callWith(stage.service, tokenOf(OWNER), { method: 'DELETE', path: `/keys/${revoked.id}` });
  await stage.world.owner.query('update machine_keys set expires_at = now() where id = $1', [expired.id]);
  Object.assign(ended, { revoked: revoked.key, expired: expired.key, mistyped: whole.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) });
});
afterAll(() => stage.stop());

/** A key whose use is noted already, so that none of the calls below writes it. */
async function used(scopes: readonly string[], tenant = OWNER): Promise<string> {
  const { key } = await makeKey(stage.service, scopes, tenant);
  await callWith(stage.service, key, { path: '/keys' });
  return key;
}

async function send(operation: Operation, key: string): Promise<{ status: number; text: string; code: unknown; scope: unknown }> {
  const { body } = fill(operation, document, subjects);
  const answer = await stage.service.app.inject({
    method: operation.method,
    url: addressOf(operation, fill(operation, document, subjects)),
    headers: { 'content-type': 'application/json', ...bearer(key) },
    ...(body === null ? {} : { payload: JSON.stringify(body) }),
  });
  const { code, scope } = answer.body.startsWith('{') ? answer.json<Json>() : {};
  return { status: answer.statusCode, text: answer.body.slice(0, 200), code, scope };
}

/** What was answered otherwise, each with its route; and the tables of anybody in which something changed. */
async function faults(of: readonly Operation[], ask: (operation: Operation) => Promise<string | null>): Promise<string[]> {
  const before = await stage.stored();
  const found: string[] = [];
  for (const operation of of) {
    const fault = await ask(operation);
    if (fault !== null) found.push(`${operation.name}: ${fault}`);
  }
  const after = await stage.stored();
  return after === before ? found : [...found, `changed: ${changedTables(before, after)}`];
}

describe('every documented route', () => {
  it.each(['revoked', 'expired', 'mistyped'])('answers 401 to a key that is %s, and nothing changes', async (kind) => {
    const wrong = await faults(operations, async (operation) => {
      const { status, text } = await send(operation, ended[kind] ?? '');
      return status === 401 ? null : `${String(status)} ${text}`;
    });
    expect(wrong).toEqual([]);
  });

  it('answers 403 with the name of the scope to a key that has all others, and nothing changes', async () => {
    const scoped = operations.filter(({ keyScopes }) => keyScopes !== null);
    expect(scoped.length).toBeGreaterThan(60);
    const wrong = await faults(scoped, async (operation) => {
      const tries = await Promise.all(
        (operation.keyScopes ?? []).map(async (scope) => ({ wanted: scope, ...(await send(operation, without.get(scope) ?? '')) })),
      );
      const odd = tries.find(({ status, code, scope, wanted }) => status !== 403 || code !== 'SCOPE_MISSING' || scope !== wanted);
      return odd ? `${String(odd.status)} ${odd.text}` : null;
    });
    expect(wrong).toEqual([]);
  });

  it('that is for no key answers 403 to the key that has every scope, and nothing changes', async () => {
    const closed = operations.filter(({ keyScopes }) => keyScopes === null);
    expect(closed.length).toBeGreaterThan(30);
    const wrong = await faults(closed, async (operation) => {
      const { status, code, text } = await send(operation, whole);
      return status === 403 && code === 'MACHINE_KEY_REFUSED' ? null : `${String(status)} ${text}`;
    });
    expect(wrong).toEqual([]);
  });

  it('answers 404 to the key of another tenant wherever it names something, and nothing changes', async () => {
    const named = operations.filter((operation) => operation.keyScopes !== null && namesSomething(fill(operation, document, subjects)));
    expect(named.length).toBeGreaterThan(40);
    const wrong = await faults(named, async (operation) => {
      const { status, text } = await send(operation, strange);
      return status === 404 ? null : `${String(status)} ${text}`;
    });
    expect(wrong).toEqual([]);
  });
});
