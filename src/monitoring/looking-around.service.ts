import { Injectable } from '@nestjs/common';
import { AllegroHealth } from '../allegro/allegro-health.service.js';
import { TroubleSources } from '../platform/observability/trouble-sources.js';
import { Settings } from '../platform/settings/settings.service.js';
import { AccountsHealth, type AccountHealth } from './accounts-health.read-model.js';
import { type Finding, type FindingLimits, findingsOf, type InstallationLook } from './findings.js';
import { type FleetFacts, isAllegroDown } from './fleet.js';
import { InstallationHealth } from './installation-health.service.js';
import { FINDING_SETTINGS, MONITOR_INTERVAL } from './monitoring.settings.js';

export interface Look {
  readonly accounts: readonly AccountHealth[];
  readonly fleet: FleetFacts;
  readonly installation: InstallationLook;
  /** All that is bad, what other features see in themselves included. */
  readonly findings: readonly Finding[];
}

/** One look at all accounts, at the installation itself and at what other features say of themselves. */
@Injectable()
export class LookingAround {
  /** Between two looks. */
  readonly intervalMs: () => number;
  private readonly limits: () => FindingLimits;

  constructor(
    private readonly health: AccountsHealth,
    private readonly allegro: AllegroHealth,
    private readonly installation: InstallationHealth,
    private readonly sources: TroubleSources,
    settings: Settings,
  ) {
    const intervalSeconds = settings.live(MONITOR_INTERVAL);
    this.intervalMs = () => intervalSeconds() * 1_000;
    this.limits = settings.liveGroup(FINDING_SETTINGS);
  }

  async look(): Promise<Look> {
    const [accounts, around, troubles] = await Promise.all([this.health.ofAll(), this.installation.look(), this.sources.troubles()]);
    const fleet = fleetOf(accounts, this.allegro.allegroStatus());
    const installation = { ...around, allegroDown: isAllegroDown(fleet) };
    return { accounts, fleet, installation, findings: findingsOf(accounts, installation, troubles, this.limits()) };
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
