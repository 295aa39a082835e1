import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { addressOf, fill } from '../support/interface/fillers.js';
import { documentOf, type InterfaceDocument, type Operation, operationsOf } from '../support/interface/operations.js';
import { InterfaceStage, type Subjects, unusedPair } from '../support/interface/stage.js';
import type { Json } from '../support/service.js';

const OWNER = 'tenant-owner';
const ROLES = ['seller', 'operator', 'support'];
/** Asked again and again until a link is completed, and changes nothing. */
const READS = 'POST /api/v1/tokens/auth/status';

let stage: InterfaceStage;
let document: InterfaceDocument;
let changes: readonly Operation[];
let subjects: Subjects;

/** Deleting last: what an earlier request took away no later one finds. */
const weight = ({ method, path }: Operation): number => ['POST', 'PATCH', 'PUT', 'DELETE'].indexOf(method) + (path.includes('/tokens') ? 10 : 0);

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined); // the pause the stage brings about
  stage = await InterfaceStage.start(OWNER);
  document = documentOf(stage.service.app);
  changes = operationsOf(document)
    .filter(({ method }) => method !== 'GET')
    .sort((a, b) => weight(a) - weight(b));
  subjects = { ...stage.subjects, ...((await unusedPair(stage)) as Record<string, string>) };
});
afterAll(() => stage.stop());

async function send(operation: Operation, claims: Json, query = ''): Promise<{ status: number; text: string }> {
  const request = fill(operation, document, subjects);
  const address = addressOf(operation, request);
  const url = query === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${query}`;
  const headers = { 'content-type': 'application/json', ...bearer(tokenOf(String(claims['tenant'] ?? OWNER), claims)) };
  const payload = request.body === null ? {} : { payload: JSON.stringify(request.body) };
  const answer = await stage.service.app.inject({ method: operation.method, url, headers, ...payload });
  return { status: answer.statusCode, text: answer.body };
}

async function entriesOf(actor: string): Promise<Json[]> {
  const url = `/api/v1/audit?limit=200&actor=${actor}`;
  const answer = await stage.service.app.inject({ url, headers: bearer(tokenOf(OWNER, { roles: ['operator'] })) });
  return answer.json<{ entries: Json[] }>().entries;
}

const named = (name: string): Operation => changes.find((operation) => operation.name === name) as Operation;
/** What a call names in its address and its body, as far as the trail keeps it. */
const idsOf = ({ path, body, query }: ReturnType<typeof fill>): string[] =>
  Object.entries({ ...query, ...body, ...path }).flatMap(([name, value]) => (/_id$/.test(name) && name !== 'user_id' ? [String(value)] : []));

describe('every change of the interface', () => {
  it('leaves one entry that names its ids, by whoever makes it in the own tenant', async () => {
    const wrong: string[] = [];
    let made = 0;
    for (const [number, operation] of changes.entries()) {
      const sub = `walker-${String(number)}`;
      const { status, text } = await send(operation, { roles: ROLES, sub });
      const entries = await entriesOf(sub);
      const isMade = status < 300;
      made += isMade ? 1 : 0;
      const expected = operation.name === READS ? 0 : 1;
      if (isMade ? entries.length !== expected : entries.length > 1) wrong.push(`${operation.name}: ${String(entries.length)} entries (${text.slice(0, 80)})`);
    }
    expect(wrong).toEqual([]);
    expect(made).toBeGreaterThan(40);
  });

  it('leaves nothing in the trail but ids: no secrets, no persons, no texts of bodies', async () => {
    const { rows } = await stage.world.owner.query<{ text: string }>(`select string_agg(subject::text, ' ') as text from audit_entries`);
    const told = rows[0]?.text ?? '';
    for (const name of ['allegro_token', 'refresh_token', 'device_code', 'expires_at']) expect(told).not.toContain(String(subjects[name]));
    expect(told).toContain(String(subjects['order_id']));
    expect(told).not.toMatch(/@|https?:/);
  });

  it('leaves one entry with the ids of its body where an operator makes it in another tenant', async () => {
    const tries = [
      'POST /api/v1/sync/deactivate',
      'POST /api/v1/sync/activate',
      'PATCH /api/v1/orders/technical-flags',
      'POST /api/v1/orders/{order_id}/claims',
    ];
    for (const [number, name] of tries.entries()) {
      const sub = `foreign-${String(number)}`;
      await send(named(name), { tenant: 'staff', roles: ['operator'], sub }, `user_id=${OWNER}&reason=ticket%204711`);
      const [entry, ...more] = await entriesOf(sub);
      expect(more).toEqual([]);
      expect(entry).toMatchObject({ tenant_id: OWNER, reason: 'ticket 4711', action: name.replaceAll(/\{(\w+)\}/g, ':$1') });
      const subject = JSON.stringify(entry?.['subject']);
      for (const id of idsOf(fill(named(name), document, subjects))) expect(subject).toContain(id);
    }
  });

  it('takes the reason of an erasure from its body, where it stays', async () => {
    const { status, text } = await send(named('POST /api/v1/erasures'), { tenant: 'staff', roles: ['operator'], sub: 'eraser' }, `user_id=${OWNER}`);
    expect({ status, text }).not.toMatchObject({ status: 400 });
    const entries = await entriesOf('eraser');
    expect(entries.at(-1)).toMatchObject({ action: 'POST /api/v1/erasures', reason: null });
    expect(JSON.stringify(entries)).not.toContain('ticket 4711');
  });

  it('leaves an entry where it was refused, and none when it is repeated under its Idempotency-Key', async () => {
    await send(named('POST /api/v1/sync/resume'), { roles: ['seller'], sub: 'too-low' });
    expect(await entriesOf('too-low')).toMatchObject([{ action: 'POST /api/v1/sync/resume', actor_roles: ['seller'] }]);
    const url = `/api/v1/orders/${String(subjects['order_id'])}/replay?token_id=${String(subjects['token_id'])}`;
    const headers = { ...bearer(tokenOf(OWNER, { sub: 'twice' })), 'idempotency-key': 'trail-1' };
    const answers = [await stage.service.app.inject({ method: 'POST', url, headers }), await stage.service.app.inject({ method: 'POST', url, headers })];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([answers[0]?.statusCode, answers[0]?.statusCode]);
    expect(answers[1]?.headers['idempotency-replayed']).toBe('true');
    expect(await entriesOf('twice')).toHaveLength(1);
  });

  it('is not made when the trail cannot be written', async () => {
    await stage.world.owner.query('revoke insert on audit_entries from order_service');
    const before = await stage.stored();
    const { status } = await send(named('PATCH /api/v1/orders/{order_id}/stock-status'), { roles: ROLES, sub: 'dark' });
    const after = await stage.stored();
    await stage.world.owner.query('grant insert on audit_entries to order_service');
    expect(status).toBeGreaterThanOrEqual(500);
    expect(after).toBe(before);
  });
});
