import 'reflect-metadata';
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

/** Exit codes: 0 done, 1 there is no such token or order (or it was not known then), 2 asked wrongly or could not be done. */
const NOT_FOUND = 1;
const NOT_DONE = 2;
const USAGE = `usage: npm run replay -- --token ID --order ID [--as-of INSTANT | --rebuild]
  prints the order rebuilt from its events; --as-of as we knew it at that instant; --rebuild repairs what lists and reads show of it`;

/** What a replay needs of the service: no HTTP, no queue, no Allegro. */
@Module({})
class ReplayModule {
  static for(configuration: Configuration): DynamicModule {
    return { module: ReplayModule, imports: [ConfigurationModule.for(configuration), DatabaseModule, EventLogModule, OrdersModule] };
  }
}

class UsageError extends Error {}

interface Asked {
  readonly token: string;
  readonly order: string;
  readonly asOf: Date | null;
  readonly rebuild: boolean;
}

function readArguments(args: string[]): Asked {
  const { values } = parseArgs({
    args,
    options: { token: { type: 'string' }, order: { type: 'string' }, 'as-of': { type: 'string' }, rebuild: { type: 'boolean' } },
  });
  const asOf = parseInstant(values['as-of']);
  if (!values.token || !values.order) throw new UsageError('--token and --order are needed');
  if (values['as-of'] !== undefined && !asOf) throw new UsageError('--as-of is no instant such as 2026-03-01T12:00:00Z');
  if (asOf && values.rebuild) throw new UsageError('--rebuild knows only the present');
  return { token: values.token, order: values.order.toLowerCase(), asOf, rebuild: values.rebuild ?? false };
}

/** The person at this prompt holds the database and the keys already: no tenant is asked for. */
async function accountOf(database: Database, token: string): Promise<string | null> {
  const rows = await database.query<{ accountId: string | null }>('select account_id as "accountId" from tokens where id::text = lower($1)', [token]);
  return rows[0]?.accountId ?? null;
}

async function answer(context: INestApplicationContext, { token, order, asOf, rebuild }: Asked): Promise<string | null> {
  const accountId = await accountOf(context.get(Database), token);
  if (accountId === null) return null;
  if (rebuild) {
    const report = await context.get(OrderReplay).rebuild(accountId, order);
    return report && JSON.stringify(report);
  }
  const view = await context.get(OrderHistory).asOf(accountId, order, asOf ? { recordedUntil: asOf } : {});
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
