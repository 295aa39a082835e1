import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../http/access/access.decorators.js';
import { ChangesSetting, ETAG_HEADER } from './changes-setting.decorator.js';
import { CurrentSettingCaller, type SettingCaller } from './setting-caller.js';
import { SettingChanges } from './setting-changes.service.js';
import { SettingViews } from './setting-views.service.js';
import {
  InstallationSettingsView,
  InstallationSettingView,
  ResetSettingQuery,
  SetSettingBody,
  SettingHistoryQuery,
  SettingHistoryView,
} from './settings.dto.js';

const placeOf = (name: string) => ({ name, tenantId: null });

/** What operators may change while the service runs. */
@ApiTags('settings')
@Controller('settings')
export class SettingsController {
  constructor(
    private readonly views: SettingViews,
    private readonly changes: SettingChanges,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listSettings', summary: 'Lists the settings of the installation', description: 'All of them, with what holds and why.' })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: InstallationSettingsView })
  async list(): Promise<InstallationSettingsView> {
    return { settings: await this.views.ofInstallation() };
  }

  @Get(':name')
  @ApiOperation({ operationId: 'getSetting', summary: 'Reads a setting of the installation' })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: InstallationSettingView, headers: ETAG_HEADER })
  async get(@CurrentSettingCaller() caller: SettingCaller, @Param('name') name: string): Promise<InstallationSettingView> {
    return this.tagged(caller, name);
  }

  @Patch(':name')
  @ApiOperation({
    operationId: 'setSetting',
    summary: 'Changes a setting of the installation',
    description: 'In force in every process within two seconds. A value outside the bounds is refused and changes nothing; the same value again is no change.',
  })
  @Roles('operator')
  @ChangesSetting()
  @ApiOkResponse({ type: InstallationSettingView, headers: ETAG_HEADER })
  async set(@CurrentSettingCaller() caller: SettingCaller, @Param('name') name: string, @Body() body: SetSettingBody): Promise<InstallationSettingView> {
    await this.changes.change(placeOf(name), { ...caller, value: body.value, reason: body.reason });
    return this.tagged(caller, name);
  }

  @Delete(':name')
  @ApiOperation({ operationId: 'resetSetting', summary: 'Puts a setting of the installation back to its default', description: 'Its history stays.' })
  @Roles('operator')
  @ChangesSetting()
  @ApiOkResponse({ type: InstallationSettingView, headers: ETAG_HEADER })
  async reset(@CurrentSettingCaller() caller: SettingCaller, @Param('name') name: string, @Query() query: ResetSettingQuery): Promise<InstallationSettingView> {
    await this.changes.change(placeOf(name), { ...caller, value: null, reason: query.reason ?? null });
    return this.tagged(caller, name);
  }

  @Get(':name/history')
  @ApiOperation({
    operationId: 'getSettingHistory',
    summary: 'Lists the changes of a setting of the installation',
    description: 'Newest first, all since ever.',
  })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: SettingHistoryView })
  async history(@Param('name') name: string, @Query() query: SettingHistoryQuery): Promise<SettingHistoryView> {
    return this.views.history(placeOf(name), query);
  }

  private async tagged({ tag }: SettingCaller, name: string): Promise<InstallationSettingView> {
    const view = await this.views.one(this.views.ofInstallation(), placeOf(name));
    tag(view.version);
    return view;
  }
}
