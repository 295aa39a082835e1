import { Global, Logger, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RateLimitGuard } from '../rate-limit/rate-limit.guard.js';
import { RateLimits } from '../rate-limit/rate-limits.service.js';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { SettingsModule } from '../../settings/settings.module.js';
import { AuditTrail } from './audit-trail.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { AuthorisationGuard } from './authorisation.guard.js';
import { MachineKeyVerifier } from './machine-key-verifier.js';
import { fetchPublishedKeys } from './published-keys.client.js';
import { PublishedKeys } from './published-keys.js';
import { PublishedKeysVerifier } from './published-keys.verifier.js';
import { SharedSecretVerifier } from './shared-secret.verifier.js';
import { TokenVerifier } from './token-verifier.js';

function createVerifier({ access }: Configuration): TokenVerifier {
  const { key } = access;
  if (key.kind === 'secret') return new SharedSecretVerifier(key.secret, access);
  const logger = new Logger('access');
  const keys = new PublishedKeys({
    fetchKeys: () => fetchPublishedKeys(key.url),
    now: () => performance.now(),
    onFailure: (error) => {
      logger.warn('the key set of the token issuer could not be fetched', { err: error });
    },
  });
  return new PublishedKeysVerifier(keys, access);
}

/** Who may call our own interface. The guards run in this order: who it is, how much they ask, what they may do. */
@Global()
@Module({
  imports: [SettingsModule],
  providers: [
    AuditTrail,
    RateLimits,
    MachineKeyVerifier,
    { provide: TokenVerifier, useFactory: createVerifier, inject: [CONFIGURATION] },
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AuthorisationGuard },
  ],
  exports: [AuditTrail, RateLimits],
})
export class AccessModule {}
