import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { isJsonObject, type JsonObject } from '../../src/core/json.js';
import { OrderHistory } from '../../src/orders/order-history.service.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { OrderReplay } from '../../src/orders/order-replay.service.js';
import { OrdersModule } from '../../src/orders/orders.module.js';
import { OrdersReadModel } from '../../src/orders/orders.read-model.js';
import { EventReader } from '../../src/platform/event-log/event-reader.js';
import { formReading, inventedForm } from '../support/invented-orders.js';
import { startContext } from '../support/service-context.js';
import { cloneDatabase, type TestDatabase } from '../support/test-database.js';

/** Answers of Allegro that nobody here wrote, on machines that have them. */
const PAYLOADS = new URL('../../../shared/allegro/payloads/', import.meta.url);

function formsOf(file: string): JsonObject[] {
  const read = JSON.parse(readFileSync(new URL(file, PAYLOADS), 'utf8')) as JsonObject;
  const forms = Array.isArray(read['checkoutForms']) ? read['checkoutForms'] : [read];
  return forms.filter((form) => isJsonObject(form)).filter((form) => typeof form['id'] === 'string');
}

/** National identity numbers are noted and never kept; all else is verbatim. */
function asKept(form: JsonObject): string {
  return JSON.stringify(form, (key, value: unknown) => (key === 'personalIdentity' && value !== null ? '[not stored]' : value));
}

const files = existsSync(PAYLOADS) ? readdirSync(PAYLOADS).filter((file) => /^checkout-forms?\..*\.json$/.test(file)) : [];
const cases: [string, JsonObject[]][] = [
  ['an invented form', [inventedForm('invented')]],
  ...files.map((file): [string, JsonObject[]] => [file, formsOf(file)]),
];

let database: TestDatabase;
let context: TestingModule;
let accounts = 0;

beforeAll(async () => {
  database = await cloneDatabase();
  context = await startContext(database, { imports: [OrdersModule] });
});

afterAll(async () => {
  await context.close();
  await database.drop();
});

describe('a form as Allegro writes it', () => {
  it.each(cases)('%s is recorded verbatim, answered as it is, and replayed to the same', async (_name, forms) => {
    const accountId = String((accounts += 1));
    const batch = { accountId, fence: null, actor: 'sync', journal: [], forms: forms.map((form) => formReading(form)) };
    expect((await context.get(OrderRecorder).record(batch)).failed).toEqual([]);
    for (const form of forms) {
      const orderId = (form['id'] as string).toLowerCase();
      const [event] = await context.get(EventReader).stream(accountId, orderId);
      expect(JSON.stringify(event?.payload)).toBe(asKept(form));
      const view = await context.get(OrdersReadModel).find(accountId, orderId);
      expect(view?.document).toBe(asKept(form));
      expect(await context.get(OrderHistory).asOf(accountId, orderId, {})).toEqual(view);
      expect(await context.get(OrderReplay).rebuild(accountId, orderId)).toMatchObject({ differences: [] });
    }
  });
});
