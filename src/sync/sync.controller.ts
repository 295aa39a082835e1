import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { RequestedSyncs, type WishedSync } from './requested-syncs.service.js';
import { PeriodQuery, StartSyncBody, SyncHistoryQuery } from './sync.dto.js';
import { SyncListView, SyncStartedView, SyncStatsView, syncStatsView, syncView, SyncView } from './sync-answers.dto.js';
import { type RunFilter, SyncRuns } from './sync-runs.read-model.js';
import { TaskRevocation } from './task-revocation.service.js';
import { RevokedView, revokedView } from './task-answers.dto.js';

/** Syncs that people start, watch and cancel. */
@ApiTags('sync')
@Controller('sync')
export class SyncController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly syncs: RequestedSyncs,
    private readonly runs: SyncRuns,
    private readonly revocation: TaskRevocation,
  ) {}

  @Post('start')
  @ReachesOut()
  @ApiOperation({
    operationId: 'startSync',
    summary: 'Starts a sync of an account',
    description: 'With a date or `force_full_sync` orders are read by purchase date, else the journal of events.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: SyncStartedView })
  async start(@CurrentScope() scope: TenantScope, @Body() body: StartSyncBody): Promise<SyncStartedView> {
    const wished = wishOf(body);
    const task = await this.syncs.start(scope, body.token_id, wished);
    return {
      success: true,
      message: 'The sync waits for its turn.',
      task_id: task.id,
      user_id: task.tenantId,
      token_id: body.token_id,
      sync_type: wished.kind,
      started_at: task.createdAt.toISOString(),
      status: 'PENDING',
    };
  }

  @Get('history')
  @ApiOperation({ operationId: 'listSyncRuns', summary: 'Lists the sync runs of the tenant' })
  @ApiOkResponse({ type: SyncListView })
  async history(@CurrentScope() scope: TenantScope, @Query() query: SyncHistoryQuery): Promise<SyncListView> {
    const { page, per_page: perPage, token_id: tokenId } = query;
    const filter = await this.filterOf(scope, query);
    const [runs, total] = await Promise.all([this.runs.list(filter, { limit: perPage, offset: (page - 1) * perPage }), this.runs.count(filter)]);
    return { syncs: runs.map((run) => syncView(run, tokenId)), total, page, per_page: perPage };
  }

  @Get('stats')
  @ApiOperation({ operationId: 'getSyncStatistics', summary: 'Reads statistics of the sync runs' })
  @ApiOkResponse({ type: SyncStatsView })
  async stats(@CurrentScope() scope: TenantScope, @Query() query: PeriodQuery): Promise<SyncStatsView> {
    return syncStatsView(await this.runs.stats(await this.filterOf(scope, query)));
  }

  @Get('running')
  @ApiOperation({ operationId: 'listRunningSyncs', summary: 'Lists the syncs that run' })
  @ApiOkResponse({ type: [SyncView] })
  async running(@CurrentScope() scope: TenantScope): Promise<SyncView[]> {
    return (await this.runs.running(scope.tenantId)).map((run) => syncView(run));
  }

  @Post('cancel/:sync_id')
  @ApiOperation({ operationId: 'cancelSync', summary: 'Cancels a sync, by its run or its task' })
  @HttpCode(200)
  @ApiOkResponse({ type: RevokedView })
  async cancel(@CurrentScope() scope: TenantScope, @Param('sync_id') id: string): Promise<RevokedView> {
    return revokedView(await this.revocation.cancel(scope, id));
  }

  private async filterOf(scope: TenantScope, query: PeriodQuery & Partial<SyncHistoryQuery>): Promise<RunFilter> {
    const { token_id: tokenId, status, date_from: from, date_to: to } = query;
    const account = tokenId === undefined ? null : await this.accounts.resolve(scope, tokenId);
    return { tenantId: scope.tenantId, accountId: account?.accountId ?? null, status: status ?? null, from: from ?? null, to: to ?? null };
  }
}

function wishOf({ sync_from_date: from, force_full_sync: full }: StartSyncBody): WishedSync {
  if (from) return { kind: 'full', from };
  return full === true ? { kind: 'full', from: null } : { kind: 'incremental' };
}
