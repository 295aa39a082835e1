import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { ApplyPlanQuery, RestorePlanBody, RestorePlanListView, RestorePlanQuery, RestorePlansQuery, RestorePlanView } from './restore.dto.js';
import { RestoreApplication } from './restore-application.service.js';
import { RestorePlanViews } from './restore-plan-views.service.js';
import { RestorePlanning } from './restore-planning.service.js';

/** Orders shown with an answer that is not asked for a page. */
const FIRST_PAGE = { limit: 20 };

/** Putting orders back to an instant: support plans and looks, an operator applies. */
@ApiTags('restore')
@Controller('restore-plans')
export class RestoreController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly planning: RestorePlanning,
    private readonly views: RestorePlanViews,
    private readonly application: RestoreApplication,
    private readonly audit: AuditTrail,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'planRestore',
    summary: 'Plans to put orders back as they were',
    description: 'Plans what would change, order by order, and changes nothing.',
  })
  @Roles('operator', 'support')
  @ApiCreatedResponse({ type: RestorePlanView })
  async plan(@CurrentScope() scope: TenantScope, @Body() body: RestorePlanBody): Promise<RestorePlanView> {
    if (body.as_of.getTime() >= Date.now()) throw validationFailed([{ field: 'as_of', message: 'must be in the past' }]);
    const { accountId } = await this.accounts.resolve(scope, body.token_id);
    const orderIds = body.order_ids?.map((id) => id.toLowerCase()) ?? null;
    const after = this.views.placeOf(accountId, body.cursor);
    const id = await this.planning.make({ tenantId: scope.tenantId, accountId, asOf: body.as_of, orderIds, after, actor: scope.actor });
    return this.views.page(accountId, id, FIRST_PAGE);
  }

  @Get()
  @ApiOperation({ operationId: 'listRestorePlans', summary: 'Lists the restore plans of an account' })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: RestorePlanListView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: RestorePlansQuery): Promise<RestorePlanListView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    return { plans: await this.views.list(accountId, query.limit) };
  }

  @Get(':plan_id')
  @ApiOperation({ operationId: 'getRestorePlan', summary: 'Reads a restore plan', description: 'A plan and a page of what it would change, or has changed.' })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: RestorePlanView })
  async find(@CurrentScope() scope: TenantScope, @Param('plan_id') id: string, @Query() query: RestorePlanQuery): Promise<RestorePlanView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    return this.views.page(accountId, id, query);
  }

  @Post(':plan_id/apply')
  @ApiOperation({
    operationId: 'applyRestorePlan',
    summary: 'Applies a restore plan',
    description: 'Puts all orders of the plan back by new events, or none; once.',
  })
  @Roles('operator')
  @HttpCode(200)
  @ApiOkResponse({ type: RestorePlanView })
  async apply(@CurrentScope() scope: TenantScope, @Param('plan_id') id: string, @Query() query: ApplyPlanQuery): Promise<RestorePlanView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const { actor, roles, tenantId } = scope;
    const subject = { plan_id: id, token_id: query.token_id };
    await this.audit.record({ actor, actorRoles: [...roles], tenantId, action: 'restore.apply', subject, reason: query.reason ?? null, requestId: null });
    await this.application.apply(accountId, id, actor);
    return this.views.page(accountId, id, FIRST_PAGE);
  }
}
