import { Inject, Injectable } from '@nestjs/common';
import { AllegroHealth } from '../allegro/allegro-health.service.js';
import { SealsReadModel } from '../data-protection/seals.read-model.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { EventFeed } from '../platform/event-log/feed.js';
import { AccountsHealth, type AccountHealth } from './accounts-health.read-model.js';
import type { InstallationLook } from './findings.js';
import { type FleetFacts, isAllegroDown } from './fleet.js';

export interface Look {
  readonly accounts: readonly AccountHealth[];
  readonly fleet: FleetFacts;
  readonly installation: InstallationLook;
}

/** One look at all accounts and at the installation itself. */
@Injectable()
export class LookingAround {
  constructor(
    private readonly health: AccountsHealth,
    private readonly allegro: AllegroHealth,
    private readonly feed: EventFeed,
    private readonly seals: SealsReadModel,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  async look(): Promise<Look> {
    const [accounts, horizonAgeSeconds, unsealed] = await Promise.all([this.health.ofAll(), this.feed.horizonAgeSeconds(), this.seals.unsealed()]);
    const fleet = fleetOf(accounts, this.allegro.allegroStatus());
    return {
      accounts,
      fleet,
      installation: {
        allegroDown: isAllegroDown(fleet),
        horizonAgeSeconds,
        unsealedAgeSeconds: unsealed.ageSeconds,
        sealIntervalSeconds: this.config.integrity.sealIntervalSeconds,
      },
    };
  }
}

function fleetOf(accounts: readonly AccountHealth[], allegro: FleetFacts['allegro']): FleetFacts {
  const scheduled = accounts.filter(({ freshness, intervalMinutes }) => intervalMinutes !== null && freshness !== 'disconnected');
  return {
    freshness: accounts.map(({ freshness }) => freshness),
    scheduled: scheduled.length,
    failing: scheduled.filter(({ failures }) => failures > 0).length,
    allegro,
  };
}
