import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '../../src/core/json.js';
import { Secret } from '../../src/core/secret.js';
import { AllegroProblem } from '../../src/allegro/allegro.errors.js';
import { ACCESS_TOKEN, allegroClients, type AllegroClients } from '../support/allegro-client.js';
import { json, startFakeAllegro, type FakeAllegro } from '../support/fake-allegro.js';

const FOLDER = join(process.cwd(), '..', 'shared', 'allegro', 'payloads');
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];
const CALL = { accountKey: '7', share: 'live' } as const;

let allegro: FakeAllegro;
let clients: AllegroClients;

beforeAll(async () => {
  allegro = await startFakeAllegro();
});

afterAll(() => allegro.close());

/** The call that would receive such a body. */
function ask(file: string, body: JsonValue): Promise<unknown> {
  const id = isJsonObject(body) && typeof body['id'] === 'string' ? body['id'] : 'unknown';
  if (/^oauth\.(?:token|error\.invalid-grant)/.test(file)) return clients.auth.refresh(new Secret('r'));
  if (file.startsWith('oauth.error')) return clients.auth.pollDeviceToken(new Secret('d'));
  if (file.startsWith('oauth.device')) return clients.auth.requestDeviceCode();
  if (file.startsWith('order-events')) return clients.orders.events(ACCESS_TOKEN, { limit: 1000 }, CALL);
  if (file.startsWith('order-event-stats')) return clients.orders.latestEvent(ACCESS_TOKEN, CALL);
  if (file.startsWith('checkout-forms')) return clients.orders.forms(ACCESS_TOKEN, { offset: 0, limit: 100 }, CALL);
  if (file.startsWith('me.')) return clients.orders.me(ACCESS_TOKEN, CALL);
  return clients.orders.form(ACCESS_TOKEN, id, CALL);
}

function statusOf(file: string): number {
  const named = /^error\.(\d{3})/.exec(file)?.[1];
  if (named !== undefined) return Number(named);
  if (file.startsWith('oauth.error')) return 400;
  return file.startsWith('error.') ? 422 : 200;
}

/** Bodies of other calls, cut-down forms without an id, and tokens without a refresh token: refused as such. */
const REFUSED = /^(?:carriers|invoices|marketplaces|shipments|error\.)|partial|client-credentials/;

/** Cut down, but with all that is needed; and orders Allegro does not know, which is an answer too. */
const READ = /^(?:checkout-form\.(?:cancelled-with-method|cod-unpaid)|order-events\.|error\.404\.checkout-form)/;

describe('an answer recorded elsewhere', () => {
  it.each(files.length > 0 ? files : ['(the recorded answers are not here)'])('%s is read or refused, and nothing else happens', async (file) => {
    if (files.length === 0) return;
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const body = JSON.parse(text) as JsonValue;
    clients = allegroClients(allegro.url, { limits: { retries: 0 } });
    allegro.reply = json(text, statusOf(file));
    const outcome = await ask(file, body)
      .catch((error: unknown) => error)
      .finally(() => clients.stop());
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(AllegroProblem);
    expect(outcome instanceof Error).toBe(REFUSED.test(file) && !READ.test(file));
  });

  it('is one of many where they are here at all', () => {
    if (existsSync(FOLDER)) expect(files.length).toBeGreaterThanOrEqual(67);
  });

  it('is given on with every key in its place', async () => {
    for (const file of files.filter((name) => /^checkout-form\.(?!.*partial)/.test(name))) {
      const body = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as JsonValue;
      clients = allegroClients(allegro.url);
      allegro.reply = json(body);
      const outcome = await ask(file, body).finally(() => clients.stop());
      expect(JSON.stringify(outcome)).toContain(JSON.stringify(body));
    }
  });

  it('about parcels is given on as it came', async () => {
    for (const file of files.filter((name) => name.startsWith('shipments'))) {
      const body = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as JsonValue;
      clients = allegroClients(allegro.url);
      allegro.reply = json(body);
      const { value } = await clients.orders.shipments(ACCESS_TOKEN, 'order', CALL).finally(() => clients.stop());
      expect(value).toEqual(body);
    }
  });
});
