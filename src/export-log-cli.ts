import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { LogExport } from './data-protection/log-export.client.js';
import { readingUrl } from './platform/config/connection-urls.js';

const NOT_DONE = 2;

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

/** Needs no key and no configuration but a connection that may read the log. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { account: { type: 'string' } } });
  if (!/^\d{1,18}$/.test(values.account ?? '')) throw new Error('usage: npm run export-log -- --account ID > FILE');
  const client = new Client({ connectionString: readingUrl(process.env).reveal() });
  await client.connect();
  try {
    await pipeline(Readable.from(withNewlines(new LogExport(client).lines(values.account ?? ''))), process.stdout, { end: false });
  } finally {
    await client.end();
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`the log could not be exported: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = NOT_DONE;
});
