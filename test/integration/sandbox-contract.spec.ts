import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, type JsonObject } from '../../sandbox/json.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { allegroSchemas } from '../support/allegro-schema.js';
import { listOf, SandboxClient } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let client: SandboxClient;
let token: string;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 7, orders: 1_000 });
  client = new SandboxClient(sandbox);
  token = (await client.link()).accessToken;
});

afterAll(async () => {
  await sandbox.close();
});

const get = (path: string): ReturnType<SandboxClient['get']> => client.get(path, token);

/** Everything a paged resource has; `next` tells the query that follows what was read. */
async function all(path: string, key: string, next: (read: readonly JsonObject[]) => string): Promise<JsonObject[]> {
  const read: JsonObject[] = [];
  for (;;) {
    const page = listOf((await get(`${path}?${next(read)}`)).json, key);
    if (page.length === 0) return read;
    read.push(...page);
  }
}

describe('answers against the published document', () => {
  /** Kinds that are there because they break the document, as real answers do. */
  const BREAKING = new Set(['new-words', 'delivery-address-empty']);
  const schemas = allegroSchemas();

  it('match it, nulls apart', async () => {
    const bodies: [string, JsonObject][] = [
      ['MeResponse', (await get('/me')).json],
      ['OrderEventStats', (await get('/order/event-stats')).json],
      ['OrderEventsList', { events: await all('/order/events', 'events', (read) => `limit=1000&from=${textAt(read.at(-1) ?? {}, 'id')}`) }],
      ['ErrorsHolder', (await get('/order/checkout-forms/abc')).json],
      ['AuthError', (await client.get('/me', 'nonsense')).json],
    ];
    const kinds = sandbox.kinds();
    const forms = (await all('/order/checkout-forms', 'checkoutForms', (read) => `offset=${String(read.length)}`)).filter(
      (form) => !BREAKING.has(kinds[textAt(form, 'id')] ?? ''),
    );
    expect(forms.length).toBeGreaterThan(980);
    bodies.push(['CheckoutForms', { checkoutForms: forms, count: forms.length, totalCount: 1_000 }]);
    const sent = forms.filter((form) => JSON.stringify(form).includes('"status":"SENT"')).slice(0, 20);
    expect(sent).toHaveLength(20);
    for (const form of sent) {
      const parcels = (await get(`/order/checkout-forms/${textAt(form, 'id')}/shipments`)).json;
      expect([1, 2]).toContain(listOf(parcels, 'shipments').length);
      bodies.push(['CheckoutFormOrderWaybillResponse', parcels]);
    }
    for (const [name, body] of bodies) {
      expect(Object.keys(body).length).toBeGreaterThan(0);
      const validate = schemas?.(name);
      const valid = validate === undefined || validate(body);
      expect([name, valid, validate?.errors?.slice(0, 3) ?? null]).toEqual([name, true, null]);
    }
  });
});
