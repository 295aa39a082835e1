import { Injectable } from '@nestjs/common';
import { UUID } from '../core/uuid.js';
import type { JsonObject } from '../core/json.js';
import type { Secret } from '../core/secret.js';
import type { TaskStatus } from '../platform/jobs/task.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { tooManyGuesses } from '../platform/http/rate-limit/rate-limit.errors.js';
import { RateLimits } from '../platform/http/rate-limit/rate-limits.service.js';
import { PairVault } from '../tokens/pair-vault.service.js';
import type { AuthTaskView } from './auth.dto.js';
import { deviceCodeUnknown, linkTaskUnknown } from './auth.errors.js';
import { type Authorization, Authorizations } from './device-authorizations.read-model.js';
import { linkStatus, type LinkStatus, linkTaskStatus } from './link-status.js';

/** What clients are told about links of their own tenant; another tenant's are not there. */
@Injectable()
export class LinkStatuses {
  constructor(
    private readonly links: Authorizations,
    private readonly vault: PairVault,
    private readonly limits: RateLimits,
  ) {}

  /** @throws Problem DEVICE_CODE_NOT_FOUND (404), TOO_MANY_REFUSALS (429) for who goes on guessing */
  async ofCode(scope: TenantScope, deviceCode: Secret): Promise<LinkStatus> {
    const link = await this.links.findByCode(scope.tenantId, this.vault.lookupHash(deviceCode));
    if (link) return linkStatus(link);
    const waitSeconds = await this.limits.ofGuess(scope.tenantId);
    throw waitSeconds === null ? deviceCodeUnknown() : tooManyGuesses(waitSeconds);
  }

  /** @throws Problem TASK_NOT_FOUND (404) */
  async ofTask(scope: TenantScope, taskId: string): Promise<AuthTaskView> {
    const link = UUID.test(taskId) ? await this.links.findByTask(scope.tenantId, taskId) : null;
    if (!link) throw linkTaskUnknown();
    const status = linkTaskStatus(link);
    return { task_id: taskId, status, result: resultOf(link, status), progress: progressOf(link, status) };
  }
}

function resultOf(link: Authorization, taskStatus: TaskStatus): JsonObject | null {
  if (taskStatus === 'SUCCESS') return link.result;
  if (taskStatus !== 'FAILURE') return null;
  const { status, message } = linkStatus(link);
  return { error: link.failureCode ?? 'LINK_FAILED', message, status, conflicts: link.failureCode === 'ACCOUNT_MISMATCH' ? 1 : 0 };
}

function progressOf(link: Authorization, taskStatus: TaskStatus): JsonObject | null {
  if (taskStatus !== 'PENDING' && taskStatus !== 'STARTED') return null;
  return {
    ...linkStatus(link),
    account_name: link.accountName,
    polls: link.polls,
    interval: link.intervalSeconds,
    expires_in: Math.max(0, Math.floor(link.secondsLeft)),
  };
}
