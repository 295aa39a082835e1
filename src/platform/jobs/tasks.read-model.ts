import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { TASK_COLUMNS } from './task-columns.js';
import type { Task, TaskStatus } from './task.js';

export interface TaskFilter {
  /** Null reads every tenant's tasks: only for staff whose call was audited. */
  readonly tenantId: string | null;
  readonly tokenId?: string;
  readonly taskTypes?: readonly string[];
  readonly statuses?: readonly TaskStatus[];
}

export interface TaskPage {
  readonly limit: number;
  readonly offset: number;
}

const MATCHES = `($1::text is null or tenant_id = $1) and ($2::uuid is null or token_id = $2)
  and ($3::text[] is null or task_type = any($3)) and ($4::text[] is null or status = any($4))`;

/** The history of owed work as clients read it. */
@Injectable()
export class TaskReadModel {
  constructor(private readonly database: Database) {}

  /** @param tenantId null reads any tenant's; another tenant's task is not found */
  async find(tenantId: string | null, id: string): Promise<Task | null> {
    const sql = `select ${TASK_COLUMNS} from tasks where id = $1 and ($2::text is null or tenant_id = $2)`;
    const [task] = await this.database.query<Task>(sql, [id, tenantId]);
    return task ?? null;
  }

  /** Newest first. */
  async list(filter: TaskFilter, page: TaskPage): Promise<Task[]> {
    const sql = `select ${TASK_COLUMNS} from tasks where ${MATCHES} order by created_at desc, id desc limit $5 offset $6`;
    return this.database.query<Task>(sql, [...values(filter), page.limit, page.offset]);
  }

  async count(filter: TaskFilter): Promise<number> {
    const [row] = await this.database.query<{ total: string }>(`select count(*) as total from tasks where ${MATCHES}`, values(filter));
    return Number(row?.total ?? 0);
  }
}

function values(filter: TaskFilter): unknown[] {
  return [filter.tenantId, filter.tokenId ?? null, filter.taskTypes ?? null, filter.statuses ?? null];
}
