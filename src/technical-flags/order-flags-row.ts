import type { LiveClaim } from './claim-check.js';
import type { FlagsState } from './flags.events.js';
import { FLAGS_COLUMNS, flagsOf, type FlagsRow } from './flags-row.js';

/** The flags of an order with all that decides who may set them. */
export interface OrderFlagsRow {
  readonly streamId: string;
  readonly orderId: string;
  readonly state: FlagsState;
  /** The order that replaced this one; null for one that stands for itself. */
  readonly successor: string | null;
  readonly claims: readonly LiveClaim[];
  /** The database's clock. */
  readonly now: Date;
}

const CLAIMS = `(select coalesce(json_agg(json_build_object('purpose', c.purpose, 'leaseId', c.lease_id, 'fencingToken', c.fencing_token,
    'expiresAt', to_char(c.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))), '[]')
  from order_claims c where c.stream_id = f.stream_id and c.lease_id is not null and c.expires_at > clock_timestamp())`;

export type LoadedFlagsRow = FlagsRow & Omit<OrderFlagsRow, 'state'>;

/** Select list and tables; the flags are `f`. */
export const ORDER_FLAGS = `select f.stream_id as "streamId", f.order_id as "orderId", ${FLAGS_COLUMNS}, o.merged_into as successor, ${CLAIMS} as claims,
  clock_timestamp() as now from order_technical_flags f left join orders o using (stream_id)`;

export const orderFlagsOf = (row: LoadedFlagsRow): OrderFlagsRow => ({ ...row, state: flagsOf(row) });
