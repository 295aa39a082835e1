import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { jobsWorld, type JobsWorld } from '../support/jobs-context.js';
import { type JobsProcess, startJobsProcess } from '../support/jobs-process.js';
import { queueBackends, type QueueBackend } from '../support/test-redis.js';

/** What the service promises for owed work after a crash. */
const RESUMED_WITHIN_MS = 30_000;
/** Start-up of two processes on a busy machine, plus the promise, plus the rest of the work. */
const TEST_TIMEOUT_MS = 120_000;
const STEPS = 25;
const KEYS = ['token-1', 'token-2', 'token-3'];

const STEPS_TABLE = `create table steps (task_id uuid, step int, generation bigint, pid int, at timestamptz default clock_timestamp(), primary key (task_id, step));
  grant select, insert on steps to order_service`;

interface Step {
  readonly task: string;
  readonly step: number;
  readonly generation: number;
  readonly pid: number;
  readonly at: Date;
}

interface TaskRow {
  readonly id: string;
  readonly status: string;
  readonly generation: number;
  readonly attempts: number;
}

/** One database, two processes, and what the test sees of them as the owner. */
class Stage {
  readonly processes: JobsProcess[] = [];

  private constructor(
    private readonly world: JobsWorld,
    private readonly owner: pg.Client,
  ) {}

  static async open(backend: QueueBackend): Promise<Stage> {
    const world = await jobsWorld(backend);
    const owner = new pg.Client(world.database.ownerUrl);
    owner.on('error', () => undefined); // the database is dropped under it at the end
    await owner.connect();
    await owner.query(STEPS_TABLE);
    return new Stage(world, owner);
  }

  async startProcess(): Promise<JobsProcess> {
    const started = await startJobsProcess(this.world);
    this.processes.push(started);
    return started;
  }

  async owe(queueKey: string, taskType = 'steps', pauseMs = 40): Promise<string> {
    const sql = `insert into tasks (tenant_id, queue_key, task_type, description, params) values ('tenant-1', $1, $2, 'steps', $3) returning id`;
    const { rows } = await this.owner.query<{ id: string }>(sql, [queueKey, taskType, JSON.stringify({ steps: STEPS, pauseMs })]);
    return rows[0]?.id ?? '';
  }

  async steps(): Promise<Step[]> {
    const sql = `select task_id as task, step, generation::int, pid, at from steps order by at`;
    return (await this.owner.query<Step>(sql)).rows;
  }

  async tasks(): Promise<TaskRow[]> {
    return (await this.owner.query<TaskRow>(`select id, status, generation::int, attempts from tasks order by created_at`)).rows;
  }

  async allDone(): Promise<boolean> {
    return (await this.tasks()).every(({ status }) => status === 'SUCCESS');
  }

  async close(): Promise<void> {
    for (const started of this.processes) started.signal('SIGKILL');
    await Promise.all(this.processes.map(({ ended }) => ended));
    await this.owner.end();
    await this.world.release();
  }
}

/** Each step of each task exactly once and in order, whoever took it: the primary key forbids doubles, this shows that none is missing. */
function expectWhole(steps: readonly Step[], tasks: readonly string[]): void {
  for (const task of tasks) {
    const own = steps.filter((step) => step.task === task);
    expect(own.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, index) => index + 1));
    expect(own.map(({ generation }) => generation)).toEqual(own.map(({ generation }) => generation).toSorted((a, b) => a - b));
  }
}

describe.each(queueBackends)('the processes of the service on %s', (backend) => {
  const stages: Stage[] = [];
  const open = async (): Promise<Stage> => {
    const stage = await Stage.open(backend);
    stages.push(stage);
    return stage;
  };

  /** @returns how long after the kill the last orphaned task went on, in milliseconds */
  const killOneOfTwo = async (): Promise<number> => {
    const stage = await open();
    const [one, other] = await Promise.all([stage.startProcess(), stage.startProcess()]);
    const tasks = await Promise.all([...KEYS, ...KEYS].map((key) => stage.owe(key)));
    // Which of the two takes the work is chance, so the victim is whoever has some.
    const busy = await eventually('one of the two is in the middle of a task', async () =>
      (await stage.steps()).find(({ step }) => step > 3 && step < STEPS - 5),
    );
    const [victim, survivor] = busy.pid === one.pid ? [one, other] : [other, one];
    victim.signal('SIGKILL');
    await victim.ended;
    const killedAt = Date.now();
    const orphans = (await stage.tasks()).filter(({ status }) => status === 'STARTED').map(({ id }) => id);
    const ofVictim = new Set((await stage.steps()).filter(({ pid, task }) => pid === victim.pid && orphans.includes(task)).map(({ task }) => task));
    expect(ofVictim.size).toBeGreaterThan(0);
    await eventually('everything is done', () => stage.allDone(), TEST_TIMEOUT_MS);
    const steps = await stage.steps();
    expectWhole(steps, tasks);
    const goneOn = [...ofVictim].map((task) => steps.find((step) => step.task === task && step.pid === survivor.pid)?.at.getTime() ?? Infinity);
    return Math.max(...goneOn) - killedAt;
  };

  const freezeAndThaw = async (): Promise<Stage> => {
    const stage = await open();
    const frozen = await stage.startProcess();
    await stage.owe('token-1', 'steps', 200);
    await eventually('it works', async () => (await stage.steps()).length > 2);
    frozen.signal('SIGSTOP');
    const taker = await stage.startProcess();
    await eventually('the other one goes on', async () => (await stage.steps()).some(({ pid }) => pid === taker.pid), TEST_TIMEOUT_MS);
    frozen.signal('SIGCONT');
    await eventually('it is done', () => stage.allDone(), TEST_TIMEOUT_MS);
    await eventually('the frozen one noticed', () => frozen.output().includes('no longer its own'));
    return stage;
  };

  /** @returns how long the process took to end after SIGTERM, in milliseconds */
  const terminate = async (): Promise<{ stage: Stage; tookMs: number }> => {
    const stage = await open();
    const process = await stage.startProcess();
    await stage.owe('token-1', 'stubborn');
    await stage.owe('token-2', 'steps', 200);
    await eventually('both run', async () => (await stage.tasks()).every(({ status }) => status === 'STARTED') && (await stage.steps()).length > 0);
    const askedAt = Date.now();
    process.signal('SIGTERM');
    await process.ended;
    return { stage, tookMs: Date.now() - askedAt };
  };

  let killed: Promise<number>[];
  let frozen: Promise<Stage>;
  let terminated: ReturnType<typeof terminate>;

  // All at once: they spend their time waiting for locks to run out. Each test awaits its own.
  beforeAll(() => {
    killed = [killOneOfTwo(), killOneOfTwo(), killOneOfTwo()];
    frozen = freezeAndThaw();
    terminated = terminate();
    for (const scenario of [...killed, frozen, terminated]) scenario.catch(() => undefined);
  });
  afterAll(async () => {
    await Promise.allSettled([...killed, frozen, terminated]);
    await Promise.all(stages.map((stage) => stage.close()));
  }, TEST_TIMEOUT_MS);

  it(
    'resume within 30 s what a killed one was doing, nothing lost and nothing doubled, three times',
    async () => {
      for (const resumedAfterMs of await Promise.all(killed)) expect(resumedAfterMs).toBeLessThan(RESUMED_WITHIN_MS);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'take over from a frozen one, which can do nothing more once it wakes up',
    async () => {
      const stage = await frozen;
      const [task] = await stage.tasks();
      const steps = await stage.steps();
      expect(task).toMatchObject({ status: 'SUCCESS', generation: 2 });
      expectWhole(steps, [task?.id ?? '']);
      expect(new Set(steps.map(({ pid, generation }) => `${stage.processes.findIndex((process) => process.pid === pid)} at generation ${generation}`))).toEqual(
        new Set(['0 at generation 1', '1 at generation 2']),
      );
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'end within 10 s of SIGTERM and give back even what does not listen to the stop',
    async () => {
      const { stage, tookMs } = await terminated;
      expect(tookMs).toBeLessThan(10_000);
      expect(await stage.tasks()).toMatchObject([
        { status: 'PENDING', attempts: 0 },
        { status: 'PENDING', attempts: 0 },
      ]);
    },
    TEST_TIMEOUT_MS,
  );
});
