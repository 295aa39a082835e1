import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { WebhookVault } from './webhook-vault.service.js';

interface Sample {
  readonly id: string;
  readonly keyId: string;
  readonly url: Buffer;
}

/** One address of each master key in use; the key's id stands in front of the sealed bytes, after its length. */
const SAMPLES = `
  select distinct on ("keyId") id, convert_from(substring(url from 3 for get_byte(url, 1)), 'UTF8') as "keyId", url
  from webhooks where state <> 'deleted' order by "keyId"`;

/** Refuses to start with master keys that do not open addresses of webhooks: those change only when a tenant changes them. */
@Injectable()
export class WebhookKeyCheck implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly vault: WebhookVault,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const { id, keyId, url } of await this.database.query<Sample>(SAMPLES)) {
      try {
        this.vault.open(id, 'url', url);
      } catch (cause) {
        throw new Error(`MASTER_KEYS does not open webhooks sealed under the key "${keyId}": give that key too, old ones stay as long as what they sealed`, {
          cause,
        });
      }
    }
  }
}
