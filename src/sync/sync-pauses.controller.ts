import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { TokenIdBody } from './sync.dto.js';
import { PausesQuery, pauseView, ResumedView, SyncPauseView } from './sync-pauses.dto.js';
import { syncNotPaused } from './sync-pauses.errors.js';
import { SyncPauses } from './sync-pauses.read-model.js';
import { SyncPausing } from './sync-pausing.service.js';

/** A tenant with more pauses than this looks at the newest. */
const MOST_PAUSES = 200;

/** Accounts whose forms wait, because what Allegro answered was too bad to be recorded. */
@ApiTags('quarantine')
@Controller('sync')
export class SyncPausesController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly pauses: SyncPauses,
    private readonly pausing: SyncPausing,
    private readonly audit: AuditTrail,
  ) {}

  @Get('pauses')
  @ApiOperation({ operationId: 'listSyncPauses', summary: 'Lists the pauses of syncs' })
  @Roles('seller', 'operator', 'support')
  @ApiOkResponse({ type: [SyncPauseView] })
  async list(@CurrentScope() scope: TenantScope, @Query() query: PausesQuery): Promise<SyncPauseView[]> {
    const accountId = query.token_id === undefined ? null : (await this.accounts.resolve(scope, query.token_id)).accountId;
    return (await this.pauses.list(scope.tenantId, { accountId, open: query.open_only }, MOST_PAUSES)).map(pauseView);
  }

  @Post('resume')
  @ApiOperation({
    operationId: 'resumeSync',
    summary: "Ends the pause of an account's sync",
    description: "Lets the account's forms be read again, those put aside first; what waits in quarantine goes on waiting.",
  })
  @Roles('operator')
  @HttpCode(200)
  @ApiOkResponse({ type: ResumedView })
  async resume(@CurrentScope() scope: TenantScope, @Body() body: TokenIdBody): Promise<ResumedView> {
    const { accountId } = await this.accounts.resolve(scope, body.token_id);
    const pauseId = await this.pauses.openOf(accountId);
    if (pauseId === null) throw syncNotPaused();
    const { actor, roles, tenantId } = scope;
    const subject = { token_id: body.token_id, pause_id: pauseId };
    await this.audit.record({ actor, actorRoles: [...roles], tenantId, action: 'sync.resume', subject, reason: null, requestId: null });
    await this.pausing.resume(accountId, actor, pauseId);
    return { pause_id: pauseId, message: 'Forms are read again, those put aside first.' };
  }
}
