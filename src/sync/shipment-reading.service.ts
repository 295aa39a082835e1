import { Inject, Injectable } from '@nestjs/common';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import type { Answered } from '../allegro/call-context.js';
import type { JsonObject } from '../core/json.js';
import { delayShipments, type OwedShipments, settleShipments } from '../orders/owed-shipments.store.js';
import { ShipmentsRecorder } from '../orders/shipments-recorder.service.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { nextTry, owedBy } from './owed-form.js';
import { OrderSource } from './order-source.service.js';
import type { SyncSession } from './sync-session.js';

/** Reads the parcel numbers an account owes, after everything else of a run; what goes wrong here delays them and never the sync. */
@Injectable()
export class ShipmentReading {
  constructor(
    private readonly source: OrderSource,
    private readonly recorder: ShipmentsRecorder,
    private readonly database: Database,
    private readonly effects: EffectSeam,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  async run(session: SyncSession): Promise<void> {
    const due = await this.due(session.accountId);
    // One after the other: nobody waits for them, and orders have the account's parallel requests for themselves.
    for (const owed of due) if (!(await this.readOne(session, owed))) return;
  }

  /** What became due last first: a seller asks for the parcels of today before an import's of last month. */
  private async due(accountId: string): Promise<OwedShipments[]> {
    const { shipmentsPerRun } = this.config.sync;
    if (shipmentsPerRun === 0) return [];
    return this.database.query<OwedShipments>(
      `select order_id as "orderId", turn, attempts from owed_shipments
       where account_id = $1 and given_up_at is null and next_try_at <= now() order by next_try_at desc limit $2`,
      [accountId, shipmentsPerRun],
    );
  }

  /** @returns whether to go on: what is wrong with the account or with Allegro is left for a later run */
  private async readOne(session: SyncSession, owed: OwedShipments): Promise<boolean> {
    const { accountId } = session;
    const answered = await this.source.shipments({ ...session, share: 'backfill' }, owed.orderId).catch((error: unknown) => failed(owed, error));
    if (answered === null) return false;
    await this.effects.perform('shipments.record', () =>
      'nextTryAt' in answered ? this.delay(accountId, owed, answered) : this.land(session, owed, answered),
    );
    return true;
  }

  private async land({ accountId, fence, runId }: SyncSession, owed: OwedShipments, { value, observedAt, traceId }: Answered<JsonObject>): Promise<void> {
    const reading = { orderId: owed.orderId, answer: value, observedAt, traceId };
    try {
      await this.recorder.record({ accountId, fence, causationId: runId }, reading, (tx) => settleShipments(tx, accountId, owed));
    } catch (error) {
      const delay = notRecorded(owed, error);
      if (!delay) throw error;
      await this.delay(accountId, owed, delay);
    }
  }

  private async delay(accountId: string, owed: OwedShipments, failure: Delay): Promise<void> {
    await this.database.transaction((tx) => delayShipments(tx, accountId, owed, failure));
  }
}

interface Delay {
  readonly error: string;
  readonly allegroStatus: number | null;
  readonly nextTryAt: Date;
}

/** SQLSTATE classes of data PostgreSQL cannot hold. */
const UNUSABLE_DATA = /^(?:22|54)/;

const delayed = ({ attempts }: OwedShipments, error: string, allegroStatus: number | null): Delay => ({
  error,
  allegroStatus,
  nextTryAt: nextTry(attempts + 1, new Date(), Math.random()),
});

/** A failure of this order's alone, null for any other one Allegro answers. */
function failed(owed: OwedShipments, error: unknown): Delay | null {
  if (!(error instanceof AllegroProblem)) throw error;
  const failure = owedBy(owed.orderId, error);
  return failure && delayed(owed, failure.error, failure.allegroStatus);
}

/** An answer that could not be recorded, for a reason that is this order's alone; else null. */
function notRecorded(owed: OwedShipments, error: unknown): Delay | null {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code !== 'string' || !(code === 'WRITE_CONFLICT' || UNUSABLE_DATA.test(code))) return null;
  return delayed(owed, `not recorded: ${code}`, null);
}
