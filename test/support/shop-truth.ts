import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/core/json.js';
import type { TokenWorld } from './token-app.js';

interface HeldOrder {
  readonly order_id: string;
  readonly document: JsonObject;
  readonly kept: readonly { readonly path: string }[];
}

/** A document without what is kept on purpose and without what is never stored. */
function comparable(value: JsonValue, kept: ReadonlySet<string>, path = ''): JsonValue {
  if (Array.isArray(value)) return value.map((item) => comparable(item, kept, path));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([key, member]) => ({ key, member, at: path === '' ? key : `${path}.${key}` }));
  const compared = members.filter(({ key, at }) => key !== 'personalIdentity' && !kept.has(at));
  return Object.fromEntries(compared.map(({ key, member, at }) => [key, comparable(member, kept, at)]));
}

/** The shop as it is beside what an account of the service holds of it. */
export class ShopTruth {
  constructor(
    private readonly world: TokenWorld,
    private readonly accountId: string,
  ) {}

  /** Ids of orders that are missing or different; equal means every field but those listed as kept. */
  async differences(): Promise<string[]> {
    const { rows } = await this.world.owner.query<HeldOrder>(
      `select o.order_id, d.document, d.fold -> 'kept' as kept from orders o join order_documents d using (stream_id) where o.account_id = $1`,
      [this.accountId],
    );
    const held = new Map(rows.map((row) => [row.order_id, row]));
    const truth = this.world.sandbox.orders() as (JsonObject & { id: string })[];
    const different = truth.filter((form) => !this.isEqual(form, held.get(form.id)));
    return different.map(({ id }) => id).sort();
  }

  /** Events of the same dedup key, and forms that repeat the one before them. */
  async doubled(): Promise<number> {
    const { rows } = await this.world.owner.query<{ doubled: number }>(
      `select (select count(*) from (select 1 from event_log.order_events where account_id = $1 group by order_id, dedup_key having count(*) > 1) k)::int
         + (select count(*) from (select split_part(dedup_key, ':', 3) as hash, lag(split_part(dedup_key, ':', 3)) over (partition by stream_id order by version) as before
             from event_log.order_events where account_id = $1 and type = 'form.read') f where hash = before)::int
         + (select count(*) - count(distinct order_id) from orders where account_id = $1)::int as doubled`,
      [this.accountId],
    );
    return rows[0]?.doubled ?? -1;
  }

  private isEqual(form: JsonObject, held: HeldOrder | undefined): boolean {
    if (!held) return false;
    const kept = new Set(held.kept.map(({ path }) => path));
    return isDeepStrictEqual(comparable(form, kept), comparable(held.document, kept));
  }
}
