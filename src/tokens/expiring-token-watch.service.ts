import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import { ExpiringTokens, OWN_TENANT } from './expiring-tokens.service.js';

/** A small part of the hour in which a token counts as ending soon. */
const EVERY_MS = 60_000;

/** Keeps tokens from ending unnoticed, whether or not anybody uses them. */
@Injectable()
export class ExpiringTokenWatch implements OnApplicationBootstrap {
  constructor(
    private readonly expiring: ExpiringTokens,
    private readonly loops: SupervisedLoops,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api' || this.config.role === 'worker') return;
    this.loops.start('expiring-tokens', EVERY_MS, async () => {
      await this.expiring.plan(OWN_TENANT);
    });
  }
}
