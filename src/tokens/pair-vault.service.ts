import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { TokenPair } from '../allegro/oauth-answers.js';
import { Secret } from '../core/secret.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { open, seal } from '../platform/vault/seal.js';

/** A pair as it is stored: both tokens sealed, bound to the row they belong to. */
export interface SealedPair {
  readonly access: Buffer;
  readonly refresh: Buffer;
  readonly expiresInSeconds: number;
  readonly scope: string;
}

export type SealedField = 'access' | 'refresh' | 'device';

/** Seals and opens what only this service may read. `owner` names the row, e.g. `token:<id>`: sealed bytes open nowhere else. */
@Injectable()
export class PairVault {
  constructor(@Inject(CONFIGURATION) private readonly config: Configuration) {}

  sealPair(owner: string, pair: TokenPair): SealedPair {
    return {
      access: this.seal(owner, 'access', pair.accessToken),
      refresh: this.seal(owner, 'refresh', pair.refreshToken),
      expiresInSeconds: pair.expiresInSeconds,
      scope: pair.scope,
    };
  }

  seal(owner: string, field: SealedField, value: Secret): Buffer {
    return seal(this.config.masterKeys, value.reveal(), `${owner}:${field}`);
  }

  /** @throws when the master key is missing or the bytes belong to another row: an outage of ours, never the seller's fault. */
  open(owner: string, field: SealedField, sealed: Buffer): Secret {
    return new Secret(open(this.config.masterKeys, sealed, `${owner}:${field}`).toString('utf8'));
  }

  /** Keyed hash to find a secret by, without being able to guess it from the hash. */
  lookupHash(value: Secret): Buffer {
    return createHmac('sha256', Buffer.from(this.config.hashPepper.reveal(), 'base64')).update(value.reveal()).digest();
  }
}

/** The name a token's sealed fields are bound to. */
export function tokenOwner(tokenId: string): string {
  return `token:${tokenId}`;
}
