import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { delayShipments, dueShipments, type OwedShipments } from './owed-shipments.store.js';

/** Why parcels could not be read, and when they are asked for again. */
export interface ShipmentsDelay {
  readonly error: string;
  readonly allegroStatus: number | null;
  readonly nextTryAt: Date;
}

/** The orders whose parcels are to be read. */
@Injectable()
export class OwedParcels {
  constructor(private readonly database: Database) {}

  /** What became due last first: a seller asks for the parcels of today before an import's of last month. */
  async due(accountId: string, limit: number): Promise<OwedShipments[]> {
    return limit === 0 ? [] : this.database.transaction((tx) => dueShipments(tx, accountId, limit));
  }

  /** After some failures in a row the parcels are given up until the order is sent further. */
  async delay(accountId: string, owed: OwedShipments, delay: ShipmentsDelay): Promise<void> {
    await this.database.transaction((tx) => delayShipments(tx, accountId, owed, delay));
  }
}
