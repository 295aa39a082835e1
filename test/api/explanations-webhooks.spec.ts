import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import type { Json } from '../support/service.js';
import { answering } from '../support/webhook-receiver.js';
import { WebhookWorld } from '../support/webhook-world.js';

interface Sentence {
  readonly text: string;
  readonly code: string;
  readonly parameters: Json;
}

let world: WebhookWorld;

beforeAll(async () => {
  world = await WebhookWorld.start();
});
afterAll(() => world.stop());

async function explained(orderId: string, lang = 'en'): Promise<{ past: Sentence[]; next: Sentence[]; text: string }> {
  const url = `/api/v1/orders/${orderId}/explanation?token_id=${world.shop.tokenId}&user_id=tenant-a&lang=${lang}`;
  const answer = await world.service.app.inject({ method: 'GET', url, headers: bearer(tokenOf('staff', { roles: ['support'] })) });
  const { past, next } = answer.json<{ past: Sentence[]; next: Sentence[] }>();
  return { past, next, text: answer.body };
}

const told = (sentences: readonly Sentence[]) => sentences.filter(({ code }) => code.startsWith('webhook_'));

it('an explanation says which webhooks took what, which are tried again and when, and which were switched off', async () => {
  const [taking, failing, gone] = [await world.receiver(), await world.receiver(answering(503)), await world.receiver(answering(410))];
  const settings = { event_types: ['order.created'] };
  const warehouse = await world.subscribe(`${taking.url}?key=geheim`, { ...settings, description: 'Warehouse' });
  const books = await world.subscribe(failing.url, settings);
  const old = await world.subscribe(gone.url, { ...settings, description: 'Old shop' });
  await world.read('told-1');
  await world.ended(warehouse.id);
  await world.ended(old.id);
  await eventually('the other receiver failed once', async () => (await world.deliveries(books.id)).some(({ last_status: status }) => status === 503));

  const english = await explained('told-1');
  expect(told(english.past).map(({ code, parameters }) => [code, parameters['webhook_id'], parameters['last_status']])).toEqual(
    expect.arrayContaining([
      ['webhook_told', warehouse.id, 204],
      ['webhook_given_up', old.id, 410],
    ]),
  );
  const took = told(english.past).find(({ code }) => code === 'webhook_told');
  expect(took?.text).toContain(`Webhook ${warehouse.id} (Warehouse) took order.created of version 1 (1 attempts, status 204).`);
  const [owed, ...others] = told(english.next);
  expect(others).toEqual([]);
  expect(owed).toMatchObject({
    code: 'webhook_owed',
    parameters: { webhook_id: books.id, webhook_name: null, event_type: 'order.created', last_outcome: 'refused', last_status: 503 },
  });
  expect(Number(owed?.parameters['attempts'])).toBeGreaterThan(0);
  expect(Date.parse(String(owed?.parameters['next_attempt_at']))).not.toBeNaN();
  expect(english.text).not.toMatch(/127\.0\.0\.1|geheim|whsec_/);

  const polish = await explained('told-1', 'pl');
  expect(told(polish.past).map(({ parameters }) => parameters)).toEqual(told(english.past).map(({ parameters }) => parameters));
  expect(told(polish.past).map(({ text }) => text)).toContainEqual(expect.stringContaining('(Warehouse) przyjął order.created o wersji 1'));
});

it('tells nothing of webhooks that were removed, and nothing of other orders', async () => {
  await world.read('told-2');
  for (const { id } of (await world.service.call('GET', '/webhooks')).body['webhooks'] as Json[])
    await world.service.app.inject({ method: 'DELETE', url: `/api/v1/webhooks/${String(id)}`, headers: bearer(tokenOf('tenant-a')) });
  const { past, next } = await explained('told-1');
  expect([told(past), told(next)]).toEqual([[], []]);
});
