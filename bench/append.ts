// `npm run bench:append`: new orders per second of the whole append (chain, sealing, projections, announcement), beside COPY of the same rows
// into every table it writes, with their indexes, chunk by chunk in one run.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { demoEnvironment } from '../launcher/demo-environment.js';
import { generateDemoSecrets } from '../launcher/demo-secrets.js';
import type { RunningParts } from '../launcher/running-parts.js';
import { startSandbox } from '../sandbox/sandbox.js';
import { OrderRecorder } from '../src/orders/order-recorder.service.js';
import { OrdersModule } from '../src/orders/orders.module.js';
import { ConfigurationModule } from '../src/platform/config/configuration.module.js';
import { parseConfiguration } from '../src/platform/config/configuration.js';
import { DatabaseModule } from '../src/platform/database/database.module.js';
import { EventLogModule } from '../src/platform/event-log/event-log.module.js';
import { ObservabilityModule } from '../src/platform/observability/observability.module.js';
import { CopyBaseline } from './copy-baseline.js';
import { runBench, tell } from './run-bench.js';
import { type BenchDatabase, Stage } from './stage.js';

/** Two pages of Allegro's list: what one transaction of the recorder holds at most. */
const BATCH = 200;
/** Runs of different accounts that write side by side, as in one worker process. */
const WRITERS = 2;
const CHUNK = 10_000;
const ORDERS_PER_SELLER = 5_000;
const WITHIN_MS = 3_600_000;

interface ChunkTimes {
  readonly appendMs: number;
  readonly copyMs: number;
  readonly copyEventsMs: number;
}

async function openRecorder(parts: RunningParts, database: BenchDatabase): Promise<OrderRecorder> {
  const environment = demoEnvironment({}, generateDemoSecrets(), { databaseUrl: database.serviceUrl, sandboxUrl: 'http://127.0.0.1:1' });
  const configuration = parseConfiguration({ ...environment, LOG_LEVEL: 'error' });
  class BenchModule {}
  Module({ imports: [ConfigurationModule.for(configuration), ObservabilityModule, DatabaseModule, EventLogModule, OrdersModule] })(BenchModule);
  const context = await NestFactory.createApplicationContext(BenchModule, { logger: false });
  parts.add({ stop: () => context.close() });
  return context.get(OrderRecorder);
}

type Form = Record<string, never>;

/** The forms of one chunk as JSON, from shops of the sandbox. */
async function someForms(): Promise<string[]> {
  const shops = [];
  for (let seller = 1; seller <= CHUNK / ORDERS_PER_SELLER; seller += 1) {
    const sandbox = await startSandbox({ seed: seller, orders: ORDERS_PER_SELLER });
    shops.push(...sandbox.orders().map((order) => JSON.stringify(order)));
    await sandbox.close();
  }
  return shops;
}

const UUID = /\b([0-9a-f]{8})-(?=[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)/g;
/** Odd, so that every chunk moves every id to another place. */
const STRIDE = 0x9e3779b1;
const moved = (head: string, chunk: number) => ((Number.parseInt(head, 16) ^ Math.imul(chunk, STRIDE)) >>> 0).toString(16).padStart(8, '0');

/** The same purchases again under ids of their own: making up a million would take longer than storing them. */
function renamed(forms: readonly string[], chunk: number): Form[] {
  return forms.map((form) => JSON.parse(form.replaceAll(UUID, (_, head: string) => `${moved(head, chunk)}-`)) as Form);
}

async function append(recorder: OrderRecorder, chunk: Form[]): Promise<number> {
  const observedAt = new Date();
  const started = performance.now();
  const batches = Array.from({ length: chunk.length / BATCH }, (_, index) => chunk.slice(index * BATCH, (index + 1) * BATCH));
  const writer = async (accountId: string): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      const readings = batch.map((form) => ({ form, observedAt, traceId: '00112233445566aa' }));
      await recorder.record({ accountId, fence: null, actor: 'sync', causationId: 'bench', journal: [], forms: readings });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, index) => writer(String(index + 1))));
  return performance.now() - started;
}

const sum = (chunks: readonly ChunkTimes[], key: keyof ChunkTimes) => chunks.reduce((total, chunk) => total + chunk[key], 0);
const ratioOf = (chunks: readonly ChunkTimes[]) => sum(chunks, 'copyMs') / sum(chunks, 'appendMs');
const round = (value: number, digits = 3) => Math.round(value * 10 ** digits) / 10 ** digits;

await runBench('append', WITHIN_MS, async (parts) => {
  const total = Number(process.argv[2] ?? 1_000_000);
  const stage = await Stage.open(parts);
  const [written, copied] = [await stage.database(), await stage.database()];
  const recorder = await openRecorder(parts, written);
  const baseline = new CopyBaseline(new pg.Client(written.ownerUrl), new pg.Client(copied.ownerUrl));
  parts.add({ stop: () => baseline.close() });
  await baseline.open();
  const chunks: ChunkTimes[] = [];
  const forms = await someForms();
  while (chunks.length * CHUNK < total) {
    const appendMs = await append(recorder, renamed(forms, chunks.length));
    const { allMs, eventsMs } = await baseline.copyNewRows();
    chunks.push({ appendMs, copyMs: allMs, copyEventsMs: eventsMs });
    const last = chunks.slice(-1);
    tell(
      `${String(chunks.length * CHUNK)} orders: ${String(Math.round(CHUNK / (appendMs / 1000)))} orders/s, COPY ${String(Math.round(CHUNK / (allMs / 1000)))}/s, ratio ${String(round(ratioOf(last)))}`,
    );
  }
  const tenth = Math.max(1, Math.round(chunks.length / 10));
  return {
    ratio: round(ratioOf(chunks)),
    ratioToEventsOnly: round(sum(chunks, 'copyEventsMs') / sum(chunks, 'appendMs')),
    ordersPerSecond: Math.round((chunks.length * CHUNK * 1000) / sum(chunks, 'appendMs')),
    copyPerSecond: Math.round((chunks.length * CHUNK * 1000) / sum(chunks, 'copyMs')),
    flatness: round(ratioOf(chunks.slice(-tenth)) / ratioOf(chunks.slice(0, tenth))),
    orders: chunks.length * CHUNK,
  };
});
