import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { AuditedRetries } from './audited-retries.service.js';
import { RetriedTasksView, RetriedTaskView, retriedTaskView, RetryTasksBody } from './failed-orders.dto.js';

/** Tasks that failed for good, once more: a new task each, the failed one stays as it is. */
@ApiTags('sync')
@Controller('sync/tasks')
export class TaskRetriesController {
  constructor(private readonly retries: AuditedRetries) {}

  @Post('retry')
  @ReachesOut()
  @ApiOperation({ operationId: 'retryTasks', summary: 'Starts failed tasks again', description: 'Every failed task nobody has tried again.' })
  @Roles('seller', 'operator')
  @HttpCode(200)
  @ApiOkResponse({ type: RetriedTasksView })
  async retryAll(@CurrentScope() scope: TenantScope, @Body() body: RetryTasksBody): Promise<RetriedTasksView> {
    return { tasks: (await this.retries.group(scope, body.task_type ?? null)).map(retriedTaskView) };
  }

  @Post(':task_id/retry')
  @ReachesOut()
  @ApiOperation({ operationId: 'retryTask', summary: 'Starts a failed task again' })
  @Roles('seller', 'operator')
  @HttpCode(200)
  @ApiOkResponse({ type: RetriedTaskView })
  async retry(@CurrentScope() scope: TenantScope, @Param('task_id') taskId: string): Promise<RetriedTaskView> {
    return retriedTaskView(await this.retries.task(scope, taskId));
  }
}
