import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JsonObject } from '../core/json.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { DecisionQuery, DecisionView, GroupReleaseView, ReleaseGroupBody } from './quarantine.dto.js';
import { QuarantineDecisions } from './quarantine-decisions.service.js';

const MESSAGES = {
  released: 'The form replaced what was known of the order.',
  superseded: 'A newer form of the order had landed already; nothing was changed.',
} as const;

/** Decisions about held readings: operators only, each in the audit trail before it happens. */
@ApiTags('quarantine')
@Controller('quarantine')
export class QuarantineDecisionsController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly decisions: QuarantineDecisions,
    private readonly audit: AuditTrail,
  ) {}

  @Post('release')
  @ApiOperation({
    operationId: 'releaseQuarantine',
    summary: 'Releases everything held of an account',
    description: 'Releases everything of an account, or of one pause, in the order it was read.',
  })
  @Roles('operator')
  @HttpCode(200)
  @ApiOkResponse({ type: GroupReleaseView })
  async releaseAll(@CurrentScope() scope: TenantScope, @Body() body: ReleaseGroupBody): Promise<GroupReleaseView> {
    const { accountId } = await this.accounts.resolve(scope, body.token_id);
    await this.record(scope, 'quarantine.release_all', { token_id: body.token_id, pause_id: body.pause_id ?? null }, null);
    return this.decisions.releaseAll(accountId, body.pause_id ?? null, scope.actor);
  }

  @Post(':item_id/release')
  @ApiOperation({ operationId: 'releaseQuarantineItem', summary: 'Releases an item of the quarantine' })
  @Roles('operator')
  @HttpCode(200)
  @ApiOkResponse({ type: DecisionView })
  async release(@CurrentScope() scope: TenantScope, @Param('item_id') id: string, @Query() query: DecisionQuery): Promise<DecisionView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    await this.record(scope, 'quarantine.release', { item_id: id, token_id: query.token_id }, query.reason ?? null);
    const status = await this.decisions.release(accountId, id, scope.actor);
    return { id, status, message: MESSAGES[status] };
  }

  @Post(':item_id/reject')
  @ApiOperation({ operationId: 'rejectQuarantineItem', summary: 'Rejects an item of the quarantine' })
  @Roles('operator')
  @HttpCode(200)
  @ApiOkResponse({ type: DecisionView })
  async reject(@CurrentScope() scope: TenantScope, @Param('item_id') id: string, @Query() query: DecisionQuery): Promise<DecisionView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    await this.record(scope, 'quarantine.reject', { item_id: id, token_id: query.token_id }, query.reason ?? null);
    await this.decisions.reject(accountId, id, scope.actor);
    return { id, status: 'rejected', message: 'The reading is never recorded; it is kept for its time.' };
  }

  private async record(scope: TenantScope, action: string, subject: JsonObject, reason: string | null): Promise<void> {
    const { actor, roles, tenantId } = scope;
    await this.audit.record({ actor, actorRoles: [...roles], tenantId, action, subject, reason, requestId: null });
  }
}
