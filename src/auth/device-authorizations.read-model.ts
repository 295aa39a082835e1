import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import { Database } from '../platform/database/database.js';
import type { TaskStatus } from '../platform/jobs/task.js';
import type { LinkEndCode } from './auth.errors.js';
import type { AuthorizationStatus } from './link-status.js';

/** A link under way; durations by the clock of the database. */
export interface Authorization {
  readonly id: string;
  readonly tenantId: string;
  readonly tokenId: string;
  readonly expectedAccountId: string | null;
  readonly accountName: string;
  readonly status: AuthorizationStatus;
  readonly failureCode: LinkEndCode | null;
  readonly failureDetail: string | null;
  readonly intervalSeconds: number;
  readonly secondsLeft: number;
  readonly polls: number;
  readonly deviceSealed: Buffer | null;
  readonly accessSealed: Buffer | null;
  readonly refreshSealed: Buffer | null;
  readonly pairSecondsLeft: number | null;
  readonly pairScope: string | null;
  readonly result: JsonObject | null;
  readonly taskStatus: TaskStatus;
}

const AUTHORIZATION = `
  select a.id, a.tenant_id as "tenantId", a.token_id as "tokenId", a.expected_account_id as "expectedAccountId", a.account_name as "accountName",
    a.status, a.failure_code as "failureCode", a.failure_detail as "failureDetail", a.interval_seconds as "intervalSeconds", a.polls,
    extract(epoch from a.expires_at - now())::float8 as "secondsLeft", a.device_sealed as "deviceSealed",
    a.access_sealed as "accessSealed", a.refresh_sealed as "refreshSealed",
    extract(epoch from a.pair_expires_at - now())::float8 as "pairSecondsLeft", a.pair_scope as "pairScope", a.result,
    tasks.status as "taskStatus"
  from device_authorizations a join tasks on tasks.id = a.task_id`;

/** Links as they are stored: what the poller works on and what clients are told. */
@Injectable()
export class Authorizations {
  constructor(private readonly database: Database) {}

  async find(id: string): Promise<Authorization | null> {
    const [row] = await this.database.query<Authorization>(`${AUTHORIZATION} where a.id = $1`, [id]);
    return row ?? null;
  }

  /** By the keyed hash of the device code, within the tenant. */
  async findByCode(tenantId: string, deviceHash: Buffer): Promise<Authorization | null> {
    const sql = `${AUTHORIZATION} where a.tenant_id = $1 and a.device_hash = $2 order by a.created_at desc limit 1`;
    const [row] = await this.database.query<Authorization>(sql, [tenantId, deviceHash]);
    return row ?? null;
  }

  async findByTask(tenantId: string, taskId: string): Promise<Authorization | null> {
    const [row] = await this.database.query<Authorization>(`${AUTHORIZATION} where a.tenant_id = $1 and a.task_id = $2`, [tenantId, taskId]);
    return row ?? null;
  }
}
