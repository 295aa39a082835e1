import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope, Roles } from '../http/access/access.decorators.js';
import type { TenantScope } from '../http/access/tenant-scope.js';
import { ChangesSetting, ETAG_HEADER } from './changes-setting.decorator.js';
import { CurrentSettingCaller, type SettingCaller } from './setting-caller.js';
import { SettingChanges } from './setting-changes.service.js';
import { SettingViews } from './setting-views.service.js';
import { ResetSettingQuery, SetSettingBody, SettingHistoryQuery, SettingHistoryView, TenantSettingsView, TenantSettingView } from './settings.dto.js';

const placeOf = ({ tenantId }: TenantScope, name: string) => ({ name, tenantId });

/** Values of a tenant's own: of the operator's, or of the one named by `user_id`. */
@ApiTags('settings')
@Controller('tenant-settings')
export class TenantSettingsController {
  constructor(
    private readonly views: SettingViews,
    private readonly changes: SettingChanges,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listTenantSettings',
    summary: 'Lists the settings a tenant can have of its own',
    description: 'Of the own tenant, or of the one named by `user_id`, with what holds there and why.',
  })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: TenantSettingsView })
  async list(@CurrentScope() { tenantId }: TenantScope): Promise<TenantSettingsView> {
    return { tenant_id: tenantId, settings: await this.views.ofTenant(tenantId) };
  }

  @Get(':name')
  @ApiOperation({ operationId: 'getTenantSetting', summary: 'Reads a setting of a tenant' })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: TenantSettingView, headers: ETAG_HEADER })
  async get(@CurrentSettingCaller() caller: SettingCaller, @Param('name') name: string): Promise<TenantSettingView> {
    return this.tagged(caller, name);
  }

  @Patch(':name')
  @ApiOperation({
    operationId: 'setTenantSetting',
    summary: 'Gives a tenant a value of its own',
    description: 'It goes before the value of the installation, in every process within two seconds; other tenants are not touched.',
  })
  @Roles('operator')
  @ChangesSetting()
  @ApiOkResponse({ type: TenantSettingView, headers: ETAG_HEADER })
  async set(@CurrentSettingCaller() caller: SettingCaller, @Param('name') name: string, @Body() body: SetSettingBody): Promise<TenantSettingView> {
    await this.changes.change(placeOf(caller.scope, name), { ...caller, value: body.value, reason: body.reason });
    return this.tagged(caller, name);
  }

  @Delete(':name')
  @ApiOperation({ operationId: 'resetTenantSetting', summary: "Takes back a tenant's own value", description: 'The value of the installation holds again.' })
  @Roles('operator')
  @ChangesSetting()
  @ApiOkResponse({ type: TenantSettingView, headers: ETAG_HEADER })
  async reset(@CurrentSettingCaller() caller: SettingCaller, @Param('name') name: string, @Query() query: ResetSettingQuery): Promise<TenantSettingView> {
    await this.changes.change(placeOf(caller.scope, name), { ...caller, value: null, reason: query.reason ?? null });
    return this.tagged(caller, name);
  }

  @Get(':name/history')
  @ApiOperation({ operationId: 'getTenantSettingHistory', summary: "Lists the changes of a tenant's setting", description: 'Newest first, all since ever.' })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: SettingHistoryView })
  async history(@CurrentScope() scope: TenantScope, @Param('name') name: string, @Query() query: SettingHistoryQuery): Promise<SettingHistoryView> {
    return this.views.history(placeOf(scope, name), query);
  }

  private async tagged({ scope, tag }: SettingCaller, name: string): Promise<TenantSettingView> {
    const view = await this.views.one(this.views.ofTenant(scope.tenantId), placeOf(scope, name));
    tag(view.version);
    return view;
  }
}
