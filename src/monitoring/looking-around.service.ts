import { Injectable } from '@nestjs/common';
import { AllegroHealth } from '../allegro/allegro-health.service.js';
import { type Trouble, TroubleSources } from '../platform/observability/trouble-sources.js';
import { AccountsHealth, type AccountHealth } from './accounts-health.read-model.js';
import type { InstallationLook } from './findings.js';
import { type FleetFacts, isAllegroDown } from './fleet.js';
import { InstallationHealth } from './installation-health.service.js';

export interface Look {
  readonly accounts: readonly AccountHealth[];
  readonly fleet: FleetFacts;
  readonly installation: InstallationLook;
  /** What other features see in themselves. */
  readonly troubles: readonly Trouble[];
}

/** One look at all accounts, at the installation itself and at what other features say of themselves. */
@Injectable()
export class LookingAround {
  constructor(
    private readonly health: AccountsHealth,
    private readonly allegro: AllegroHealth,
    private readonly installation: InstallationHealth,
    private readonly sources: TroubleSources,
  ) {}

  async look(): Promise<Look> {
    const [accounts, installation, troubles] = await Promise.all([this.health.ofAll(), this.installation.look(), this.sources.troubles()]);
    const fleet = fleetOf(accounts, this.allegro.allegroStatus());
    return { accounts, fleet, installation: { ...installation, allegroDown: isAllegroDown(fleet) }, troubles };
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
