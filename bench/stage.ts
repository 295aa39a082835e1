import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';
import type { ChildProgram } from '../launcher/child-program.js';
import { type DemoAccess, demoAccess } from '../launcher/demo-access.js';
import { demoEnvironment } from '../launcher/demo-environment.js';
import { generateDemoSecrets } from '../launcher/demo-secrets.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../launcher/embedded-postgres.js';
import { HttpApi } from '../launcher/http-api.js';
import type { RunningParts } from '../launcher/running-parts.js';
import { startSandboxProcess } from '../launcher/sandbox-process.js';
import { launchService, listening } from '../launcher/service-process.js';
import { migrate } from '../src/platform/database/migrate.js';

export interface BenchDatabase {
  readonly ownerUrl: string;
  readonly serviceUrl: string;
}

export interface BenchService {
  readonly url: string;
  readonly api: HttpApi;
  readonly program: ChildProgram;
}

export interface BenchSandbox {
  readonly url: string;
  /** The sandbox's own interface under /_sandbox/. */
  readonly control: HttpApi;
}

export interface ServiceSettings {
  readonly database: BenchDatabase;
  readonly sandbox: BenchSandbox;
  readonly env?: NodeJS.ProcessEnv;
}

const STANDARD_ERROR = 2;
const SERVICE_LOGIN = 'order_log_bench';

/** Servers of one benchmark, each a process of its own; the service's are the compiled ones. Everything ends with `parts`. */
export class Stage {
  private readonly secrets = generateDemoSecrets();

  private constructor(
    private readonly parts: RunningParts,
    private readonly postgres: EmbeddedPostgres,
    private readonly access: { current: DemoAccess | null },
  ) {}

  static async open(parts: RunningParts): Promise<Stage> {
    const stage = new Stage(parts, parts.add(await startEmbeddedPostgres()), { current: null });
    stage.access.current = await demoAccess(stage.secrets.jwtSecret);
    return stage;
  }

  /** A migrated, empty database; with `template` a copy of that one, to which nobody may be connected. */
  async database(template?: BenchDatabase): Promise<BenchDatabase> {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    const source = template === undefined ? '' : ` template ${new URL(template.ownerUrl).pathname.slice(1)}`;
    await onDatabase(this.postgres.ownerUrl(), (admin) => admin.query(`create database ${name}${source}`));
    const ownerUrl = this.postgres.ownerUrl(name);
    const serviceUrl = new URL(ownerUrl);
    serviceUrl.username = SERVICE_LOGIN;
    serviceUrl.password = this.secrets.databasePassword;
    if (template === undefined) await migrate(ownerUrl, serviceUrl.href);
    return { ownerUrl, serviceUrl: serviceUrl.href };
  }

  /** @param args of the sandbox's command line */
  async sandbox(...args: string[]): Promise<BenchSandbox> {
    const sandbox = this.parts.add(await startSandboxProcess({ seed: '11', arrivalIntervalMs: 0, args, env: { PATH: process.env['PATH'] } }));
    return { url: sandbox.url, control: new HttpApi(sandbox.url) };
  }

  async service({ database, sandbox, env }: ServiceSettings): Promise<BenchService> {
    // BENCH_NODE_OPTIONS="--cpu-prof --cpu-prof-dir=DIR" profiles the service alone.
    const own = { PATH: process.env['PATH'], NODE_OPTIONS: process.env['BENCH_NODE_OPTIONS'], LOG_LEVEL: 'error', ...env };
    const settings = demoEnvironment(own, this.secrets, { databaseUrl: database.serviceUrl, sandboxUrl: sandbox.url });
    const program = this.parts.add(launchService({ env: settings, log: STANDARD_ERROR }));
    const url = await listening(program);
    return { url, api: new HttpApi(url, this.jwt), program };
  }

  /** Bearer tokens of the one tenant of all benchmarks. */
  get jwts(): { readonly seller: string; readonly operator: string } {
    if (!this.access.current) throw new Error('the stage is not open');
    return this.access.current;
  }

  /** Bearer token of its seller. */
  get jwt(): string {
    return this.access.current?.seller ?? '';
  }
}

/** One connection as the database's owner, for what no interface tells. */
export async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    const ended = once(client, 'end');
    await client.end();
    await ended;
  }
}
