import { Inject, Injectable } from '@nestjs/common';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import type { Answered } from '../allegro/call-context.js';
import type { JsonObject } from '../core/json.js';
import { OwedParcels, type ShipmentsDelay } from '../orders/owed-shipments.service.js';
import { ShipmentsRecorder } from '../orders/shipments-recorder.service.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { EffectSeam } from '../platform/effects/effect-seam.js';
import { nextTry, owedBy } from './owed-form.js';
import { OrderSource } from './order-source.service.js';
import type { SyncSession } from './sync-session.js';

/** A failure may last as long as its request may: a run that waits for more of them keeps the account's orders waiting. */
const MOST_FAILURES = 3;

/** Reads the parcel numbers an account owes, after everything else of a run; what goes wrong here delays them and never the sync. */
@Injectable()
export class ShipmentReading {
  constructor(
    private readonly source: OrderSource,
    private readonly recorder: ShipmentsRecorder,
    private readonly parcels: OwedParcels,
    private readonly effects: EffectSeam,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  async run(session: SyncSession): Promise<void> {
    // One after the other: nobody waits for them, and orders have the account's parallel requests for themselves.
    let failures = 0;
    for (const owed of await this.parcels.due(session.accountId, this.config.sync.shipmentsPerRun)) {
      const outcome = await this.readOne(session, owed);
      if (outcome === 'failed') failures += 1;
      if (outcome === 'not now' || failures === MOST_FAILURES) return;
    }
  }

  /** @returns `not now` for what is wrong with the account or with Allegro: it is left for a later run */
  private async readOne(session: SyncSession, owed: OwedShipments): Promise<'read' | 'failed' | 'not now'> {
    const { accountId } = session;
    const answered = await this.source.shipments({ ...session, share: 'backfill' }, owed.orderId).catch((error: unknown) => failed(owed, error));
    if (answered === null) return 'not now';
    await this.effects.perform('shipments.record', () =>
      'nextTryAt' in answered ? this.parcels.delay(accountId, owed, answered) : this.land(session, owed, answered),
    );
    return 'nextTryAt' in answered ? 'failed' : 'read';
  }

  private async land({ accountId, fence, runId }: SyncSession, owed: OwedShipments, { value, observedAt, traceId }: Answered<JsonObject>): Promise<void> {
    const reading = { owed, answer: value, observedAt, traceId };
    try {
      await this.recorder.record({ accountId, fence, causationId: runId }, reading);
    } catch (error) {
      const delay = notRecorded(owed, error);
      if (!delay) throw error;
      await this.parcels.delay(accountId, owed, delay);
    }
  }
}

type OwedShipments = Awaited<ReturnType<OwedParcels['due']>>[number];

/** SQLSTATE classes of data PostgreSQL cannot hold. */
const UNUSABLE_DATA = /^(?:22|54)/;

const delayed = ({ attempts }: OwedShipments, error: string, allegroStatus: number | null): ShipmentsDelay => ({
  error,
  allegroStatus,
  nextTryAt: nextTry(attempts + 1, new Date(), Math.random()),
});

/** A failure of this order's alone, null for any other one Allegro answers. */
function failed(owed: OwedShipments, error: unknown): ShipmentsDelay | null {
  if (!(error instanceof AllegroProblem)) throw error;
  const failure = owedBy(owed.orderId, error);
  return failure && delayed(owed, failure.error, failure.allegroStatus);
}

/** An answer that could not be recorded, for a reason that is this order's alone; else null. */
function notRecorded(owed: OwedShipments, error: unknown): ShipmentsDelay | null {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code !== 'string' || !(code === 'WRITE_CONFLICT' || UNUSABLE_DATA.test(code))) return null;
  return delayed(owed, `not recorded: ${code}`, null);
}
