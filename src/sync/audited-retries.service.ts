import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../core/json.js';
import type { AccountRef } from '../platform/http/access/account-directory.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import type { Task } from '../platform/jobs/task.js';
import { Retries, type RetriedOrders } from './retries.service.js';

/** Retries asked for by a person: in the audit trail before they happen. */
@Injectable()
export class AuditedRetries {
  constructor(
    private readonly retries: Retries,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws as {@link Retries.orders} */
  async orders(scope: TenantScope, account: AccountRef, what: { orderId: string | null; reason: string | null }): Promise<RetriedOrders> {
    await this.record(scope, 'failed_orders.retry', { token_id: account.tokenId, order_id: what.orderId, reason: what.reason });
    return this.retries.orders(scope, account, what);
  }

  /** @throws as {@link Retries.task} */
  async task(scope: TenantScope, taskId: string): Promise<Task> {
    await this.record(scope, 'tasks.retry', { task_id: taskId });
    return this.retries.task(scope, taskId);
  }

  async group(scope: TenantScope, taskType: string | null): Promise<Task[]> {
    await this.record(scope, 'tasks.retry_all', { task_type: taskType });
    return this.retries.group(scope, taskType);
  }

  private async record(scope: TenantScope, action: string, subject: JsonObject): Promise<void> {
    const { actor, roles, tenantId } = scope;
    await this.audit.record({ actor, actorRoles: [...roles], tenantId, action, subject, reason: null, requestId: null });
  }
}
