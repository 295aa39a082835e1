import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, Inject } from '@nestjs/common';
import type { JsonValue } from '../core/json.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { query, type Transaction } from '../platform/database/transaction.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import { OrderKeys } from '../platform/vault/order-keys.js';

/** A key takes new readings for a week, so that what is sealed together expires together. */
const TAKES_NEW_DAYS = 7;
/** A month after its last reading nobody has looked at: foreign people's data is kept no longer. */
const KEPT_DAYS = 37;
/** Expiry is counted in days. */
const EXPIRE_EVERY_MS = 3_600_000;

interface KeyRow {
  readonly id: string;
  readonly wrappedKey: Buffer | null;
}

/** Seals under the account's current key. */
export interface AccountSealer {
  readonly keyId: string;
  seal(content: JsonValue): Buffer;
}

/** Keys of an account for readings that belong to no order of ours; they expire. */
@Injectable()
export class QuarantineKeys implements OnApplicationBootstrap {
  constructor(
    private readonly keys: OrderKeys,
    private readonly database: Database,
    private readonly loops: SupervisedLoops,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {}

  onApplicationBootstrap(): void {
    if (['scheduler', 'all'].includes(this.config.role)) this.loops.start('quarantine-keys', EXPIRE_EVERY_MS, () => this.destroyExpired());
  }

  async destroyExpired(): Promise<void> {
    await this.database.query(`update quarantine_keys set wrapped_key = null where expires_at <= now() and wrapped_key is not null`);
  }

  /** A sealer under the account's newest key; a new key is written by the same transaction. */
  async sealer(tx: Transaction, accountId: string): Promise<AccountSealer> {
    const [known] = await query<KeyRow>(
      tx,
      `select id, wrapped_key as "wrappedKey" from quarantine_keys
       where account_id = $1 and wrapped_key is not null and created_at > now() - make_interval(days => $2) order by created_at desc limit 1`,
      [accountId, TAKES_NEW_DAYS],
    );
    const keyId = known?.id ?? randomUUID();
    const sealer = this.keys.sealerFor(accountId, { orderId: quarantineOwner(keyId), hasKey: known !== undefined, wrappedKey: known?.wrappedKey ?? null });
    const seal = (content: JsonValue): Buffer => sealer.seal(Buffer.from(JSON.stringify([content]))) ?? Buffer.alloc(0);
    if (!known) await this.store(tx, { accountId, keyId, wrappedKey: this.newKey(seal, () => sealer.newWrappedKey) });
    return { keyId, seal };
  }

  /** What was sealed under an account key; null once that expired. */
  async open(accountId: string, keyId: string, sealed: Buffer): Promise<JsonValue | null> {
    const [row] = await this.database.query<KeyRow>(`select id, wrapped_key as "wrappedKey" from quarantine_keys where account_id = $1 and id = $2`, [
      accountId,
      keyId,
    ]);
    return this.keys.openPersonal(accountId, quarantineOwner(keyId), { wrappedKey: row?.wrappedKey ?? null, sealed })?.[0] ?? null;
  }

  /** The key is made by its first use. */
  private newKey(seal: (content: JsonValue) => Buffer, wrapped: () => Buffer | null): Buffer | null {
    seal(null);
    return wrapped();
  }

  private async store(tx: Transaction, key: { accountId: string; keyId: string; wrappedKey: Buffer | null }): Promise<void> {
    await query(tx, `insert into quarantine_keys (id, account_id, wrapped_key, expires_at) values ($1, $2, $3, now() + make_interval(days => $4))`, [
      key.keyId,
      key.accountId,
      key.wrappedKey,
      KEPT_DAYS,
    ]);
  }
}

/** Names the key where an order's id stands otherwise, so that nothing sealed here opens as an order's. */
export const quarantineOwner = (keyId: string): string => `quarantine/${keyId}`;
