import { Injectable } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { ErasureLedger } from '../platform/erasure/erasure-ledger.js';
import { EventLog } from '../platform/event-log/event-log.js';
import { isLostRace } from '../platform/event-log/lost-race.js';
import { groupReadings, type StreamReadings } from './group-readings.js';
import { OrderReplay } from './order-replay.service.js';
import { PlannerStatistics } from './planner-statistics.service.js';
import { addResults, NOTHING_RECORDED, type RecordBatch, type RecordResult } from './record-batch.js';
import { landStreams, type Landing } from './land-streams.store.js';

/** Streams per transaction: JSON rowsets of 200 cost 1.25 times a COPY; smaller ones pay for round trips, larger ones win nothing. */
const STREAMS_PER_TRANSACTION = 200;
/** One writer leads an account, races are with people's commands only: three tries outlast them, more would hide a bug. */
const MAX_TRIES = 3;
/** SQLSTATE classes of data PostgreSQL cannot hold: one order's fault, not the batch's. */
const UNUSABLE_DATA = /^(?:22|54)/;

/** Streams still to land, and how often they were tried. */
interface Step {
  readonly streams: readonly StreamReadings[];
  readonly attempt: number;
}

interface StepOutcome {
  readonly result: RecordResult;
  readonly next: readonly Step[];
}

/** What commits together with the last of a batch; `recorded` is everything the batch came to. */
export type BatchWork = (tx: Transaction, recorded: RecordResult) => Promise<void>;

/** The one way of journal events and forms into the log and its projections. */
@Injectable()
export class OrderRecorder {
  constructor(
    private readonly database: Database,
    private readonly eventLog: EventLog,
    private readonly ledger: ErasureLedger,
    private readonly replay: OrderReplay,
    private readonly statistics: PlannerStatistics,
  ) {}

  /**
   * Appends what is new in `batch` and brings the projections up to date, some hundred orders a transaction.
   * `work` (the cursor) commits with the last of them, after everything else landed or was named in `failed`; it may run again when that
   * transaction lost a race. Recording the same batch again changes nothing.
   * @throws Problem `WRITE_CONFLICT` (409, retry now) when an order lost three races in a row; what landed before stays
   */
  async record(batch: RecordBatch, work?: BatchWork): Promise<RecordResult> {
    const { streams, failed } = groupReadings(batch, (text) => this.ledger.keys.keyedHash('content', text));
    let result: RecordResult = { ...NOTHING_RECORDED, failed };
    const steps = firstSteps(streams);
    for (let step = steps.shift(); step; step = steps.shift()) {
      const before = result;
      const lastWork = steps.length === 0 && work ? (tx: Transaction, landed: RecordResult) => work(tx, addResults(before, landed)) : undefined;
      const outcome = await this.take(batch, step, lastWork);
      result = addResults(before, outcome.result);
      steps.unshift(...outcome.next);
    }
    await this.statistics.grown(result.created.length);
    return result;
  }

  private async take(batch: RecordBatch, step: Step, work?: BatchWork): Promise<StepOutcome> {
    try {
      const transaction = () => this.database.transaction((tx) => this.land(tx, batch, step.streams, work));
      const landing = await (batch.perform?.(transaction) ?? transaction());
      await this.repair(batch.accountId, landing);
      return { result: landing.result, next: landing.again.length === 0 ? [] : [retryOf({ ...step, streams: landing.again })] };
    } catch (error) {
      if (isLostRace(error)) return { result: NOTHING_RECORDED, next: [retryOf(step)] };
      if (step.streams.length > 0 && isUnusableData(error)) return withoutUnusable(step, error);
      throw error;
    }
  }

  private async land(tx: Transaction, batch: RecordBatch, streams: readonly StreamReadings[], work?: BatchWork): Promise<Landing> {
    const landing = await landStreams(tx, { log: this.eventLog, ledger: this.ledger }, batch, streams);
    if (landing.again.length === 0) await work?.(tx, landing.result);
    return landing;
  }

  /** A projection that is missing or behind the log is rebuilt before its order is tried again. */
  private async repair(accountId: string, { unprojected }: Landing): Promise<void> {
    for (const orderId of unprojected) await this.replay.rebuild(accountId, orderId);
  }
}

function firstSteps(streams: readonly StreamReadings[]): Step[] {
  const steps: Step[] = [];
  for (let start = 0; start < streams.length; start += STREAMS_PER_TRANSACTION) {
    steps.push({ streams: streams.slice(start, start + STREAMS_PER_TRANSACTION), attempt: 1 });
  }
  return steps.length === 0 ? [{ streams: [], attempt: 1 }] : steps;
}

function retryOf(step: Step): Step {
  if (step.attempt < MAX_TRIES) return { ...step, attempt: step.attempt + 1 };
  throw new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'Other changes to the same orders came first three times; ask again.' });
}

function isUnusableData(error: unknown): error is Error & { code: string } {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && UNUSABLE_DATA.test(code);
}

/** Halves the streams until the one that holds the unusable data is alone, and names it. */
function withoutUnusable({ streams, attempt }: Step, error: Error & { code: string }): StepOutcome {
  const [first] = streams;
  if (streams.length === 1 && first) {
    const failed = [{ orderId: first.orderId, reason: `PostgreSQL cannot hold it (${error.code})` }];
    return { result: { ...NOTHING_RECORDED, failed }, next: [{ streams: [], attempt: 1 }] };
  }
  const middle = Math.ceil(streams.length / 2);
  return {
    result: NOTHING_RECORDED,
    next: [
      { streams: streams.slice(0, middle), attempt },
      { streams: streams.slice(middle), attempt },
    ],
  };
}
