import 'reflect-metadata';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { parseInstant } from './core/instant.js';
import { OrderHistory } from './orders/order-history.service.js';
import { oneOrderJson } from './orders/order-json.js';
import { OrderReplay } from './orders/order-replay.service.js';
import { OrdersModule } from './orders/orders.module.js';
import { ConfigurationModule } from './platform/config/configuration.module.js';
import { type Configuration, parseConfiguration } from './platform/config/configuration.js';
import { Database } from './platform/database/database.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { EventLogModule } from './platform/event-log/event-log.module.js';
import { AuditTrail } from './platform/http/access/audit-trail.js';

/** Exit codes: 0 done, 1 there is no such token or order (or it was not known then), 2 asked wrongly or could not be done. */
const NOT_FOUND = 1;
const NOT_DONE = 2;
const USAGE = `usage: npm run replay -- --token ID --order ID [--as-of INSTANT | --rebuild --reason TEXT]
  prints the order rebuilt from its events; --as-of as we knew it at that instant; --rebuild repairs what lists and reads show of it, and is audited`;

/** What a replay needs of the service: no HTTP, no queue, no Allegro. */
@Module({})
class ReplayModule {
  static for(configuration: Configuration): DynamicModule {
    const imports = [ConfigurationModule.for(configuration), DatabaseModule, EventLogModule, OrdersModule];
    return { module: ReplayModule, imports, providers: [AuditTrail] };
  }
}

class UsageError extends Error {}

interface Asked {
  readonly token: string;
  readonly order: string;
  readonly asOf: Date | null;
  /** Why the projection is rebuilt; null only prints. */
  readonly rebuildReason: string | null;
}

function readArguments(args: string[]): Asked {
  const { values } = parseArgs({
    args,
    options: { token: { type: 'string' }, order: { type: 'string' }, 'as-of': { type: 'string' }, rebuild: { type: 'boolean' }, reason: { type: 'string' } },
  });
  const asOf = parseInstant(values['as-of']);
  if (!values.token || !values.order) throw new UsageError('--token and --order are needed');
  if (values['as-of'] !== undefined && !asOf) throw new UsageError('--as-of is no instant such as 2026-03-01T12:00:00Z');
  if (asOf && values.rebuild) throw new UsageError('--rebuild knows only the present');
  return { token: values.token, order: values.order.toLowerCase(), asOf, rebuildReason: values.rebuild ? reasonOf(values.reason) : null };
}

function reasonOf(given: string | undefined): string {
  const reason = given?.trim() ?? '';
  if (reason === '') throw new UsageError('--rebuild needs --reason: it goes to the audit trail');
  return reason;
}

interface AccountOfToken {
  readonly accountId: string;
  readonly tenantId: string;
}

interface Rebuild {
  readonly token: string;
  readonly order: string;
  readonly reason: string;
}

/** The person at this prompt holds the database and the keys already: no tenant is asked for. */
async function accountOf(database: Database, token: string): Promise<AccountOfToken | null> {
  const rows = await database.query<AccountOfToken>(
    'select account_id as "accountId", tenant_id as "tenantId" from tokens where id::text = lower($1) and account_id is not null',
    [token],
  );
  return rows[0] ?? null;
}

/** In the audit trail before it happens, as whatever a person changes. */
async function rebuild(context: INestApplicationContext, { accountId, tenantId }: AccountOfToken, { token, order, reason }: Rebuild): Promise<string | null> {
  const actor = `command line: ${userInfo().username}`;
  const subject = { token_id: token, order_id: order };
  await context.get(AuditTrail).record({ actor, actorRoles: [], tenantId, action: 'orders.rebuild', subject, reason, requestId: null });
  const report = await context.get(OrderReplay).rebuild(accountId, order);
  return report && JSON.stringify(report);
}

async function answer(context: INestApplicationContext, { token, order, asOf, rebuildReason: reason }: Asked): Promise<string | null> {
  const account = await accountOf(context.get(Database), token);
  if (account === null) return null;
  if (reason !== null) return rebuild(context, account, { token, order, reason });
  const view = await context.get(OrderHistory).asOf(account.accountId, order, asOf ? { recordedUntil: asOf } : {});
  return view && oneOrderJson(view, token);
}

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  const context = await NestFactory.createApplicationContext(ReplayModule.for(parseConfiguration(process.env)), { logger: false, abortOnError: false });
  try {
    const text = await answer(context, asked);
    process.stdout.write(text === null ? '' : `${text}\n`);
    if (text === null) process.stderr.write('there is no such order of that token, or it was not known then\n');
    return text === null ? NOT_FOUND : 0;
  } finally {
    await context.close();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n${error instanceof UsageError ? `${USAGE}\n` : ''}`);
  return NOT_DONE;
});
