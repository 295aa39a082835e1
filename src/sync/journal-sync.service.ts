import { Injectable } from '@nestjs/common';
import { IncrementalSync } from './incremental-sync.service.js';
import { JournalGaps } from './journal-gaps.service.js';
import { MergedForms } from './merged-forms.service.js';
import { ShipmentReading } from './shipment-reading.service.js';
import type { SyncSession } from './sync-session.js';

/** An incremental sync with what surrounds it: a journal that was left alone too long before, merged purchases and parcel numbers after. */
@Injectable()
export class JournalSync {
  constructor(
    private readonly gaps: JournalGaps,
    private readonly incremental: IncrementalSync,
    private readonly merged: MergedForms,
    private readonly shipments: ShipmentReading,
  ) {}

  /** @throws AllegroProblem when Allegro did not answer; what landed before it stays */
  async run(session: SyncSession): Promise<void> {
    await this.gaps.bridge(session);
    await this.incremental.run(session);
    if (session.tally.changedAnything) await this.merged.link(session);
    await this.shipments.run(session);
  }
}
