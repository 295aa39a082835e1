import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { eventOwner, OrderKeys } from '../platform/vault/order-keys.js';
import { quarantineOwner } from './quarantine-keys.service.js';

interface Sample {
  readonly accountId: string;
  /** What the key was wrapped for. */
  readonly owner: string;
  readonly keyId: string;
  readonly wrappedKey: Buffer;
}

/** Looked at over the whole log, as orders were born: a master key that wrapped a hundredth of it is met, in some 10 ms. */
const PLACES = 200;

/** The id of the master key stands in front of the wrapped key, after its length. */
const KEY_ID = `convert_from(substring(wrapped_key from 3 for get_byte(wrapped_key, 1)), 'UTF8')`;

const OF_ORDERS = `
  with bounds as (select min(stream_id) as low, max(stream_id) as high from vault.order_keys),
  met as (
    select k.* from bounds, generate_series(0, $1::int) as place, lateral (
      select stream_id, wrapped_key from vault.order_keys
      where stream_id >= bounds.low + (bounds.high - bounds.low) * place / $1::int and wrapped_key is not null order by stream_id limit 1) k)
  select distinct on ("keyId") s.account_id as "accountId", s.order_id as owner, ${KEY_ID} as "keyId", wrapped_key as "wrappedKey"
  from met join event_log.streams s using (stream_id) order by "keyId"`;

/** There is one a week for an account, and they expire. */
const OF_QUARANTINE = `
  select distinct on ("keyId") account_id as "accountId", id as owner, ${KEY_ID} as "keyId", wrapped_key as "wrappedKey"
  from quarantine_keys where wrapped_key is not null order by "keyId"`;

/** Entries of the journal that name a buyer and no order: rare, and most accounts have none. */
const OF_EVENTS = `
  select distinct on ("keyId") account_id as "accountId", dedup_key as owner, ${KEY_ID} as "keyId", wrapped_key as "wrappedKey"
  from vault.event_keys where wrapped_key is not null order by "keyId"`;

/** Refuses to start with master keys that do not open the keys of orders, of single events and of the quarantine: those never change by themselves. */
@Injectable()
export class DataKeyCheck implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly keys: OrderKeys,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const sample of await this.database.query<Sample>(OF_ORDERS, [PLACES])) this.tryToOpen('keys of orders', sample);
    const single = await this.database.query<Sample>(OF_EVENTS);
    for (const sample of single) this.tryToOpen('keys of events', { ...sample, owner: eventOwner(sample.owner) });
    const held = await this.database.query<Sample>(OF_QUARANTINE);
    for (const sample of held) this.tryToOpen('keys of the quarantine', { ...sample, owner: quarantineOwner(sample.owner) });
  }

  private tryToOpen(what: string, { accountId, owner, keyId, wrappedKey }: Sample): void {
    try {
      this.keys.sealerFor(accountId, { orderId: owner, hasKey: true, wrappedKey });
    } catch (cause) {
      throw new Error(`MASTER_KEYS does not open ${what} wrapped under the key "${keyId}": give that key too, old ones stay as long as what they wrapped`, {
        cause,
      });
    }
  }
}
