import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { TaskReadModel } from '../platform/jobs/tasks.read-model.js';
import { TaskHistoryQuery, TaskIdOption } from './sync.dto.js';
import { RevokedView, revokedView, taskResultView, TaskResultView, taskStateView, TaskStateView, TaskView, taskView } from './task-answers.dto.js';
import { TaskRevocation } from './task-revocation.service.js';

/** Nobody has more waiting at once; a list without pages must have an end. */
const MOST_ACTIVE = 1_000;

/** The tenant's owed work, whatever its type. */
@ApiTags('sync')
@Controller('sync')
export class SyncTasksController {
  constructor(
    private readonly revocation: TaskRevocation,
    private readonly tasks: TaskReadModel,
  ) {}

  @Get('task/:task_id')
  @ApiOperation({ operationId: 'getTaskState', summary: 'Reads the state of a task' })
  @ApiOkResponse({ type: TaskStateView })
  async state(@CurrentScope() scope: TenantScope, @Param('task_id') id: string): Promise<TaskStateView> {
    return taskStateView(await this.revocation.find(scope, id));
  }

  @Get('tasks/history')
  @ApiOperation({ operationId: 'listTasks', summary: 'Lists the tasks of the tenant' })
  @ApiOkResponse({ type: [TaskView] })
  async history(@CurrentScope() scope: TenantScope, @Query() query: TaskHistoryQuery): Promise<TaskView[]> {
    const { page, per_page: perPage, status, task_type: taskType } = query;
    const filter = {
      tenantId: scope.tenantId,
      ...(status === undefined ? {} : { statuses: [status] }),
      ...(taskType === undefined ? {} : { taskTypes: [taskType] }),
    };
    const tasks = await this.tasks.list(filter, { limit: perPage, offset: (page - 1) * perPage });
    return tasks.map(taskView);
  }

  @Get('tasks/active')
  @ApiOperation({ operationId: 'listActiveTasks', summary: 'Lists the tasks that are not finished' })
  @ApiOkResponse({ type: [TaskView] })
  async active(@CurrentScope() scope: TenantScope): Promise<TaskView[]> {
    const tasks = await this.tasks.list({ tenantId: scope.tenantId, statuses: ['PENDING', 'STARTED'] }, { limit: MOST_ACTIVE, offset: 0 });
    return tasks.map(taskView);
  }

  @Get('tasks/:task_id')
  @ApiOperation({ operationId: 'getTask', summary: 'Reads a task' })
  @ApiOkResponse({ type: TaskView })
  async details(@CurrentScope() scope: TenantScope, @Param('task_id') id: string): Promise<TaskView> {
    return taskView(await this.revocation.find(scope, id));
  }

  @Get('tasks/:task_id/result')
  @ApiOperation({ operationId: 'getTaskResult', summary: 'Reads the result of a task' })
  @ApiOkResponse({ type: TaskResultView })
  async result(@CurrentScope() scope: TenantScope, @Param('task_id') id: string): Promise<TaskResultView> {
    return taskResultView(await this.revocation.find(scope, id));
  }

  @Post('tasks/revoke')
  @ApiOperation({ operationId: 'revokeTask', summary: 'Revokes a task', description: 'The task is named in the body or in the query.' })
  @HttpCode(200)
  @ApiOkResponse({ type: RevokedView })
  async revoke(@CurrentScope() scope: TenantScope, @Query() query: TaskIdOption, @Body() body: TaskIdOption): Promise<RevokedView> {
    const id = body.task_id ?? query.task_id;
    if (id === undefined) throw validationFailed([{ field: 'task_id', message: 'is missing; name it in the query or in the body' }]);
    await this.revocation.revoke(scope, id);
    return revokedView(id);
  }
}
