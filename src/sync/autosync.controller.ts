import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { AutosyncActivatedView, AutosyncDeactivatedView, autosyncStatusView, AutosyncStatusView, AutosyncView, autosyncView } from './autosync.dto.js';
import { ActivateSyncBody, TokenIdBody } from './sync.dto.js';
import { ScheduleReadModel } from './sync-schedules.read-model.js';
import { SyncSchedules } from './sync-schedules.service.js';

/** Automatic sync of tokens. */
@ApiTags('sync')
@Controller('sync')
export class AutosyncController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly schedules: SyncSchedules,
    private readonly known: ScheduleReadModel,
  ) {}

  @Post('activate')
  @ReachesOut()
  @ApiOperation({ operationId: 'activateAutosync', summary: 'Switches the periodic sync of an account on' })
  @HttpCode(200)
  @ApiOkResponse({ type: AutosyncActivatedView })
  async activate(@CurrentScope() scope: TenantScope, @Body() body: ActivateSyncBody): Promise<AutosyncActivatedView> {
    const { token_id: tokenId, interval_minutes: minutes } = body;
    await this.schedules.activate(scope, tokenId, minutes);
    return { message: `Automatic sync is active: every ${String(minutes)} minutes, the first time now.`, token_id: tokenId, interval_minutes: minutes };
  }

  @Post('deactivate')
  @ApiOperation({ operationId: 'deactivateAutosync', summary: 'Switches the periodic sync of an account off' })
  @HttpCode(200)
  @ApiOkResponse({ type: AutosyncDeactivatedView })
  async deactivate(@CurrentScope() scope: TenantScope, @Body() body: TokenIdBody): Promise<AutosyncDeactivatedView> {
    await this.schedules.deactivate(scope, body.token_id);
    return { message: 'Automatic sync is off; a run that goes on stops within seconds.', token_id: body.token_id };
  }

  @Get('active')
  @ApiOperation({ operationId: 'listActiveAutosyncs', summary: 'Lists the periodic syncs that are on' })
  @ApiOkResponse({ type: [AutosyncView] })
  async active(@CurrentScope() scope: TenantScope): Promise<AutosyncView[]> {
    return (await this.known.active(scope.tenantId)).map(autosyncView);
  }

  @Get('status/:token_id')
  @ApiOperation({ operationId: 'getAutosync', summary: 'Reads the periodic sync of an account' })
  @ApiOkResponse({ type: AutosyncStatusView })
  async status(@CurrentScope() scope: TenantScope, @Param('token_id') tokenId: string): Promise<AutosyncStatusView> {
    const account = await this.accounts.resolve(scope, tokenId);
    return autosyncStatusView(account.tokenId, await this.known.ofToken(scope.tenantId, account.tokenId));
  }
}
