import { Inject, Injectable } from '@nestjs/common';
import { SealsReadModel } from '../data-protection/seals.read-model.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { EventFeed } from '../platform/event-log/feed.js';
import type { InstallationLook } from './findings.js';

/** What concerns no single account: how far the feed and the seals are behind. */
@Injectable()
export class InstallationHealth {
  constructor(
    private readonly feed: EventFeed,
    private readonly seals: SealsReadModel,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  async look(): Promise<Omit<InstallationLook, 'allegroDown'>> {
    const [horizonAgeSeconds, unsealed] = await Promise.all([this.feed.horizonAgeSeconds(), this.seals.unsealed()]);
    return { horizonAgeSeconds, unsealedAgeSeconds: unsealed.ageSeconds, sealIntervalSeconds: this.config.integrity.sealIntervalSeconds };
  }
}
