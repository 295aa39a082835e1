import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { type SealedPart, WebhookVault } from './webhook-vault.service.js';

interface Sample {
  readonly id: string;
  readonly part: SealedPart;
  readonly keyId: string;
  readonly sealed: Buffer;
}

/** An address and a secret of each master key in use; the key's id stands in front of the sealed bytes, after its length. */
const SAMPLES = `
  with kept as (
    select id, 'url' as part, url as sealed from webhooks where state <> 'deleted' union all
    select id, 'secret', secret from webhooks where state <> 'deleted' union all
    select webhook_id, 'secret', p.secret from webhook_previous_secrets p join webhooks w on w.id = webhook_id
    where state <> 'deleted' and p.valid_until > now())
  select distinct on (part, "keyId") id, part, convert_from(substring(sealed from 3 for get_byte(sealed, 1)), 'UTF8') as "keyId", sealed
  from kept order by part, "keyId"`;

/** Refuses to start with master keys that do not open addresses and secrets of webhooks: those change only when a tenant changes them. */
@Injectable()
export class WebhookKeyCheck implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly vault: WebhookVault,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const { id, part, keyId, sealed } of await this.database.query<Sample>(SAMPLES)) {
      try {
        this.vault.open(id, part, sealed);
      } catch (cause) {
        throw new Error(`MASTER_KEYS does not open webhooks sealed under the key "${keyId}": give that key too, old ones stay as long as what they sealed`, {
          cause,
        });
      }
    }
  }
}
