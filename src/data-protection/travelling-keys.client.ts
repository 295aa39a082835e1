import type { PoolClient } from 'pg';
import { eventOwner, type OrderKeys } from '../platform/vault/order-keys.js';
import type { ArchiveLock } from './archive-lock.js';
import type { TravellingKeys } from './log-export.client.js';
import type { ArchivedKey } from './log-export.js';

interface KeyRow {
  readonly streamId: string;
  readonly orderId: string;
  readonly dedupKey: string | null;
  readonly wrappedKey: Buffer | null;
  readonly createdAt: Date;
  readonly destroyedAt: Date | null;
  readonly erasureId: string | null;
}

const COLUMNS = `k.wrapped_key as "wrappedKey", k.created_at as "createdAt", k.destroyed_at as "destroyedAt", k.erasure_id as "erasureId"`;
const KEYS = `select k.stream_id as "streamId", s.order_id as "orderId", null as "dedupKey", ${COLUMNS}
    from vault.order_keys k join event_log.streams s using (stream_id) where k.stream_id = any ($1::bigint[])
  union all select k.stream_id, s.order_id, k.dedup_key, ${COLUMNS}
    from vault.event_keys k join event_log.streams s using (stream_id) where k.stream_id = any ($1::bigint[])`;

const placeOf = (streamId: string, dedupKey: string | null) => `${streamId}:${dedupKey ?? ''}`;

/** Takes the keys of an account's streams out of their wrapping and puts them under the archive's lock; without one, only what became of them is told. */
export class AccountKeys implements TravellingKeys {
  constructor(
    private readonly client: Pick<PoolClient, 'query'>,
    private readonly accountId: string,
    private readonly keys: OrderKeys,
    private readonly lock: ArchiveLock | null,
  ) {}

  async of(streamIds: readonly string[]): ReturnType<TravellingKeys['of']> {
    const { rows } = await this.client.query<KeyRow>(KEYS, [streamIds]);
    const known = new Map(rows.map((row) => [placeOf(row.streamId, row.dedupKey), this.archived(row)]));
    return {
      ofStream: (streamId) => known.get(placeOf(streamId, null)),
      ofEvent: ({ streamId, orderId, dedupKey }) => (orderId === '' ? known.get(placeOf(streamId, dedupKey)) : undefined),
    };
  }

  private archived({ orderId, dedupKey, wrappedKey, createdAt, destroyedAt, erasureId }: KeyRow): ArchivedKey {
    const facts = { createdAt: createdAt.toISOString(), destroyedAt: destroyedAt?.toISOString() ?? null, erasureId };
    if (!wrappedKey || !this.lock) return { sealedFor: null, key: null, ...facts };
    const owner = dedupKey === null ? orderId : eventOwner(dedupKey);
    const { key, sealedFor } = this.keys.unwrap(this.accountId, owner, wrappedKey);
    return { sealedFor, key: this.lock.seal(sealedFor, owner, key), ...facts };
  }
}
