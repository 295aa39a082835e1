import type { JsonObject } from '../../src/core/json.js';
import { OrderRecorder } from '../../src/orders/order-recorder.service.js';
import { OrdersApiModule } from '../../src/orders/orders-api.module.js';
import { EventLogModule } from '../../src/platform/event-log/event-log.module.js';
import { AccountDirectory } from '../../src/platform/http/access/account-directory.js';
import { TechnicalFlagsApiModule } from '../../src/technical-flags/technical-flags-api.module.js';
import { bearer, tokenOf } from './access-tokens.js';
import { formReading, inventedForm, journalReading } from './invented-orders.js';
import { startTestApp, type TestApp } from './test-app.js';
import { type TestAccounts, TestAccountsModule } from './test-accounts.js';
import { cloneDatabase } from './test-database.js';

export type Json = Record<string, unknown>;
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly text: string;
  readonly type: unknown;
}

export interface Call {
  readonly method?: 'GET' | 'PATCH' | 'POST';
  readonly query?: Record<string, string>;
  readonly body?: JsonObject;
  readonly tenant?: string;
  readonly claims?: Json;
  readonly headers?: Record<string, string>;
}

/** The routes of orders and flags on a database of their own, without Allegro, queue or linking. */
export class OrderWorld {
  private accounts = 0;

  private constructor(
    readonly testApp: TestApp,
    /** Superuser's connection to the same database. */
    readonly ownerUrl: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(): Promise<OrderWorld> {
    const database = await cloneDatabase();
    const imports = [EventLogModule, TestAccountsModule, OrdersApiModule, TechnicalFlagsApiModule];
    return new OrderWorld(await startTestApp({ imports, env: { DATABASE_URL: database.serviceUrl } }), database.ownerUrl, () => database.drop());
  }

  /** A shop of an account of its own. */
  shop(tenant = 'tenant-a'): Shop {
    const accountId = String((this.accounts += 1));
    return new Shop(this.testApp, accountId, tenant, this.testApp.app.get<TestAccounts>(AccountDirectory).add(tenant, accountId));
  }

  async stop(): Promise<void> {
    await this.testApp.close();
    await this.drop();
  }
}

/** One account as its tenant sees it. */
export class Shop {
  constructor(
    private readonly testApp: TestApp,
    readonly accountId: string,
    readonly tenant: string,
    readonly tokenId: string,
  ) {}

  async read(forms: readonly JsonObject[], journal: readonly JsonObject[] = [], at = '2026-03-01T09:10:00.000Z'): Promise<void> {
    const readings = { journal: journal.map((event) => journalReading(event)), forms: forms.map((form) => formReading(form, at)) };
    await this.testApp.app.get(OrderRecorder).record({ accountId: this.accountId, fence: null, actor: 'sync', ...readings });
  }

  async call(path: string, { method = 'GET', query = {}, body, tenant = this.tenant, claims = {}, headers = {} }: Call = {}): Promise<Answer> {
    const answer = await this.testApp.app.inject({
      method,
      url: `/api/v1/orders${path}`,
      query: { token_id: this.tokenId, ...query },
      headers: { ...bearer(tokenOf(tenant, claims)), 'content-type': 'application/json', ...headers },
      ...(body ? { payload: JSON.stringify(body) } : {}),
    });
    return { status: answer.statusCode, body: answer.json<Json>(), text: answer.body, type: answer.headers['content-type'] };
  }

  async ids(query: Record<string, string> = {}): Promise<unknown[]> {
    const { body } = await this.call('', { query });
    return (body['orders'] as Json[]).map((order) => order['id']);
  }

  patch(path: string, body: JsonObject, call: Call = {}): Promise<Answer> {
    return this.call(path, { method: 'PATCH', body, ...call });
  }
}

/** The member of a form that decides its order date. */
export const boughtAt = (instant: string): JsonObject => ({ lineItems: [{ id: 'line', quantity: 1, boughtAt: instant }] });

/** o1, o2, o3: one order a day, oldest first. */
export const dayForms = ['2026-03-01', '2026-03-02', '2026-03-03'].map((day, index) => inventedForm(`o${String(index + 1)}`, boughtAt(`${day}T08:00:00.000Z`)));
