import { performance } from 'node:perf_hooks';
import { Inject, Injectable } from '@nestjs/common';
import { AllegroAuthClient } from '../allegro/allegro-auth.client.js';
import type { DeviceCode } from '../allegro/oauth-answers.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { AccountNames, type Reservation } from '../tokens/account-names.service.js';
import { addressRefused, allegroSlow, tooManyLinks } from './auth.errors.js';
import { countWaiting, endAbandoned } from './device-authorizations.store.js';
import { LinkRecorder } from './link-recorder.service.js';
import { mayShow } from './verification-address.js';

export interface StartedLink {
  readonly device: DeviceCode;
  readonly taskId: string;
}

/** A client has gone after this (10 s, less the way back): a code it never saw must not hold the name. */
const CLIENT_PATIENCE_MS = 8_000;

/** Each waiting link is a poll every 5 s: 250 are a third of the requests Allegro allows, and no tenant links as many at once. */
const MOST_WAITING = 250;

/** Begins a link: the name first, then Allegro, then the row and the task that wait for the seller. */
@Injectable()
export class LinkStart {
  constructor(
    private readonly database: Database,
    private readonly names: AccountNames,
    private readonly allegro: AllegroAuthClient,
    private readonly recorder: LinkRecorder,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  /** @throws Problem ACCOUNT_NAME_TAKEN, LINK_IN_PROGRESS (409), TOO_MANY_LINKS (429), all before Allegro is asked; AllegroProblem */
  async start(tenantId: string, accountName: string): Promise<StartedLink> {
    const begun = performance.now();
    await this.database.transaction(async (tx) => {
      for (const tokenId of await endAbandoned(tx, tenantId, accountName)) await this.names.release(tx, tokenId);
      if ((await countWaiting(tx, tenantId)) >= MOST_WAITING) throw tooManyLinks();
    });
    const reservation = await this.names.reserve(tenantId, accountName);
    try {
      const device = await this.deviceCode();
      if (performance.now() - begun > CLIENT_PATIENCE_MS) throw allegroSlow();
      return { device, taskId: await this.recorder.record(reservation, device) };
    } catch (error) {
      await this.release(reservation);
      throw error;
    }
  }

  private async deviceCode(): Promise<DeviceCode> {
    const device = await this.allegro.requestDeviceCode();
    const shown = [device.verificationUri, device.verificationUriComplete];
    if (!shown.every((address) => mayShow(address, this.config.allegro.authUrl))) throw addressRefused();
    return device;
  }

  private async release(reservation: Reservation): Promise<void> {
    await this.database.transaction(async (tx) => this.names.release(tx, reservation.tokenId));
  }
}
