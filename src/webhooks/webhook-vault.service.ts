import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Secret } from '../core/secret.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { open, seal } from '../platform/vault/seal.js';

/** 256 bits, as long as the digest; Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;

export type SealedPart = 'url' | 'secret' | 'answer';

/** What webhooks keep that nobody may read from a dump: addresses, secrets, what receivers answered. */
@Injectable()
export class WebhookVault {
  constructor(@Inject(CONFIGURATION) private readonly config: Configuration) {}

  /** A new signing secret as Standard Webhooks writes it. */
  newSecret(): Secret {
    return new Secret(`whsec_${randomBytes(SECRET_BYTES).toString('base64')}`);
  }

  seal(id: string, part: SealedPart, plain: string | Buffer): Buffer {
    return seal(this.config.masterKeys, plain, `webhook:${id}:${part}`);
  }

  open(id: string, part: SealedPart, sealed: Buffer): string {
    return open(this.config.masterKeys, sealed, `webhook:${id}:${part}`).toString();
  }
}
