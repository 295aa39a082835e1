import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { AccountsHealth } from './accounts-health.read-model.js';
import { Alerts } from './alerts.read-model.js';
import { countByFreshness, fleetVerdict } from './fleet.js';
import { LookingAround } from './looking-around.service.js';
import { AlertListView, alertView, AlertsQuery, FleetView, FreshnessQuery, FreshnessView, freshnessView } from './monitoring.dto.js';

/** How current the accounts are, and what is wrong with them or with Allegro. */
@ApiTags('monitoring')
@Controller()
export class MonitoringController {
  constructor(
    private readonly directory: AccountDirectory,
    private readonly health: AccountsHealth,
    private readonly alerts: Alerts,
    private readonly around: LookingAround,
  ) {}

  @Get('accounts/freshness')
  @ApiOperation({
    operationId: 'getFreshness',
    summary: 'Reads how current the accounts are',
    description: "How current what we hold of the tenant's accounts is, or of one of them.",
  })
  @ApiOkResponse({ type: FreshnessView })
  async freshness(@CurrentScope() scope: TenantScope, @Query() query: FreshnessQuery): Promise<FreshnessView> {
    const accountId = await this.accountOf(scope, query);
    const all = accountId === null ? await this.health.ofTenant(scope.tenantId) : [await this.health.ofAccount(accountId)];
    return { accounts: all.flatMap((health) => (health ? [freshnessView(health)] : [])), checked_at: new Date().toISOString() };
  }

  @Get('alerts')
  @ApiOperation({
    operationId: 'listAlerts',
    summary: 'Lists the alerts',
    description: "Alerts of the tenant's accounts, newest first; staff see those of the installation too.",
  })
  @ApiOkResponse({ type: AlertListView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: AlertsQuery): Promise<AlertListView> {
    const accountId = await this.accountOf(scope, query);
    const withInstallation = accountId === null && (scope.roles.has('operator') || scope.roles.has('support'));
    const filter = { tenantId: scope.tenantId, withInstallation, state: query.state ?? null, accountId };
    return { alerts: (await this.alerts.list(filter, query.limit)).map(alertView) };
  }

  @Get('fleet')
  @ApiOperation({
    operationId: 'getFleet',
    summary: 'Reads all accounts of the installation at a glance',
    description: 'All accounts of the installation at a glance: whether Allegro is down, or single accounts have trouble.',
  })
  @Roles('operator')
  @ApiOkResponse({ type: FleetView })
  async fleet(): Promise<FleetView> {
    const { fleet, installation } = await this.around.look();
    return {
      verdict: fleetVerdict(fleet),
      accounts: fleet.freshness.length,
      freshness: countByFreshness(fleet.freshness),
      allegro: fleet.allegro,
      scheduled: fleet.scheduled,
      failing: fleet.failing,
      open_alerts: await this.alerts.openByKind(),
      feed_horizon_age_seconds: installation.horizonAgeSeconds,
      unsealed_age_seconds: installation.unsealedAgeSeconds,
      checked_at: new Date().toISOString(),
    };
  }

  private async accountOf(scope: TenantScope, { token_id: tokenId }: FreshnessQuery): Promise<string | null> {
    return tokenId === undefined ? null : (await this.directory.resolve(scope, tokenId)).accountId;
  }
}
