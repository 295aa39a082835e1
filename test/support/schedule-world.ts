import { expect } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { Problem } from '../../src/core/problem.js';
import { Database } from '../../src/platform/database/database.js';
import { EffectsModule } from '../../src/platform/effects/effect-seam.js';
import { EventReader } from '../../src/platform/event-log/event-reader.js';
import type { TenantScope } from '../../src/platform/http/access/tenant-scope.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import type { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { JobsModule } from '../../src/platform/jobs/jobs.module.js';
import { OwedWork } from '../../src/platform/jobs/owed-work.js';
import { ObservabilityModule } from '../../src/platform/observability/observability.module.js';
import { SupervisionModule } from '../../src/platform/supervision/supervision.module.js';
import { ScheduleTick } from '../../src/sync/schedule-tick.service.js';
import { SyncModule } from '../../src/sync/sync.module.js';
import { SyncSchedules } from '../../src/sync/sync-schedules.service.js';
import { type ScheduledRun, scheduleStarted } from '../../src/sync/sync-schedules.store.js';
import { AccountChanges } from '../../src/tokens/account-changes.service.js';
import { Leaders } from '../../src/tokens/leaders.service.js';
import type { TokenChange } from '../../src/tokens/plan-token-change.js';
import { type SeededAccount, seedAccount } from './seeded-accounts.js';
import { startContext } from './service-context.js';
import { cloneDatabase, type TestDatabase } from './test-database.js';

/** A row of `sync_schedules`. */
export interface ScheduleRow {
  readonly token_id: string;
  readonly is_active: boolean;
  readonly status: string;
  readonly interval_minutes: number;
  readonly [column: string]: unknown;
}

/** The service's schedules on a real database, with accounts that are rows and queues that only write down what they are given. */
export class ScheduleWorld {
  #tenants = 0;

  private constructor(
    readonly context: TestingModule,
    readonly owner: pg.Client,
    private readonly database: TestDatabase,
  ) {}

  static async start(): Promise<ScheduleWorld> {
    const database = await cloneDatabase();
    const owner = new pg.Client(database.ownerUrl);
    owner.on('error', () => undefined); // the database is dropped under it at the end
    await owner.connect();
    const jobs = JobsModule.for(['run-task', 'scheduled-sync']);
    const imports = [ObservabilityModule, SupervisionModule, HttpModule, EffectsModule, jobs, SyncModule];
    return new ScheduleWorld(await startContext(database, { imports }, { ROLE: 'api' }), owner, database);
  }

  async stop(): Promise<void> {
    await this.context.close();
    await this.owner.end();
    await this.database.drop();
  }

  get db(): Database {
    return this.context.get(Database);
  }

  /** An account in a tenant of its own. */
  account(tokens = 1): Promise<SeededAccount> {
    this.#tenants += 1;
    return seedAccount(this.owner, `tenant-${String(this.#tenants)}`, tokens);
  }

  async accounts(count: number): Promise<SeededAccount[]> {
    const made: SeededAccount[] = [];
    while (made.length < count) made.push(await this.account());
    return made;
  }

  /** Nothing an earlier test left is due. */
  async forgetSchedules(): Promise<void> {
    await this.owner.query(`update sync_schedules set is_active = false, next_run_at = null, due_since = null`);
  }

  activate(account: SeededAccount, minutes = 10, token = 0): Promise<void> {
    return this.context.get(SyncSchedules).activate(scopeOf(account.tenantId), account.tokenIds[token] ?? '', minutes);
  }

  deactivate(account: SeededAccount): Promise<void> {
    return this.context.get(SyncSchedules).deactivate(scopeOf(account.tenantId), account.tokenIds[0] ?? '');
  }

  /** A scheduler of its own; `queue` is told what goes where. */
  scheduler(queue: (entry: string) => void = () => undefined): ScheduleTick {
    const enqueue = async (key: string, name: string, { tokenId }: { tokenId: string }): Promise<void> => queue(`${key} ${name} ${tokenId}`);
    return new ScheduleTick(this.db, this.context.get(Leaders, { strict: false }), { enqueue } as unknown as Jobs, new OwedWork());
  }

  async begin(tokenId: string | undefined): Promise<ScheduledRun> {
    const run = await this.db.transaction((tx) => scheduleStarted(tx, tokenId ?? ''));
    if (!run) throw new Error('the schedule is off');
    return run;
  }

  /** Changes a token as its owner or Allegro would. */
  async change(account: SeededAccount, { token = 0, ...wished }: Pick<TokenChange, 'to' | 'reason'> & { token?: number }): Promise<void> {
    const changes = this.context.get(AccountChanges, { strict: false });
    const change = { accountId: account.accountId, tokenId: account.tokenIds[token] ?? '', actor: 'a person', ...wished };
    expect(await changes.apply(change)).not.toBeNull();
  }

  /** Active ones first. */
  async rowsOf({ accountId }: SeededAccount): Promise<ScheduleRow[]> {
    const { rows } = await this.owner.query<ScheduleRow>(
      `select *, extract(epoch from next_run_at - now())::float8 as next_in, extract(epoch from next_full_at - now())::float8 as full_in
       from sync_schedules where account_id = $1 order by is_active desc, created_at`,
      [accountId],
    );
    return rows;
  }

  async rowOf(tokenId: string | undefined): Promise<ScheduleRow> {
    const { rows } = await this.owner.query<ScheduleRow>('select * from sync_schedules where token_id = $1', [tokenId]);
    if (!rows[0]) throw new Error('there is no such schedule');
    return rows[0];
  }

  async autosyncEvents({ accountId }: SeededAccount): Promise<string[]> {
    const events = await this.context.get(EventReader).stream(accountId, '');
    return events.filter(({ type }) => type.startsWith('autosync.')).map(({ type, actor, payload }) => `${type} by ${actor} ${JSON.stringify(payload)}`);
  }
}

function scopeOf(tenantId: string): TenantScope {
  return { tenantId, roles: new Set(['seller']), actor: 'a person', acrossTenants: false, seesPersonalData: true };
}

/** `done`, or the status and code of the problem it ended with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? `${String(error.status)} ${error.code}` : String(error)),
  );
}
