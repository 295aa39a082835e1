import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Secret } from '../core/secret.js';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { AuthStatusBody, AuthStatusView, AuthTaskView, InitializeBody, InitializeView } from './auth.dto.js';
import { LinkStart } from './link-start.service.js';
import { LinkStatuses } from './link-statuses.service.js';

@ApiTags('linking')
@Controller('tokens/auth')
export class AuthController {
  constructor(
    private readonly links: LinkStart,
    private readonly statuses: LinkStatuses,
  ) {}

  @Post('initialize')
  @ReachesOut()
  @ApiOperation({
    operationId: 'startLinking',
    summary: 'Begins linking an Allegro account',
    description: 'Begins linking an Allegro account; a name whose token needs a new consent reconnects that account.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: InitializeView })
  async initialize(@CurrentScope() scope: TenantScope, @Body() body: InitializeBody): Promise<InitializeView> {
    const { device, taskId } = await this.links.start(scope.tenantId, body.account_name);
    return {
      device_code: device.deviceCode.reveal(),
      user_code: device.userCode,
      verification_uri: device.verificationUri,
      verification_uri_complete: device.verificationUriComplete,
      expires_in: device.expiresInSeconds,
      interval: device.intervalSeconds,
      task_id: taskId,
    };
  }

  @Post('status')
  @ApiOperation({
    operationId: 'getLinkingStatus',
    summary: 'Reads how far a linking is, by its device code',
    description: 'From what is stored; only the background poller asks Allegro.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: AuthStatusView })
  async status(@CurrentScope() scope: TenantScope, @Body() body: AuthStatusBody): Promise<AuthStatusView> {
    return this.statuses.ofCode(scope, new Secret(body.device_code));
  }

  @Get('task/:task_id')
  @ApiOperation({ operationId: 'getLinkingTask', summary: 'Reads how far a linking is, by its task' })
  @ApiOkResponse({ type: AuthTaskView })
  async task(@CurrentScope() scope: TenantScope, @Param('task_id') taskId: string): Promise<AuthTaskView> {
    return this.statuses.ofTask(scope, taskId);
  }
}
