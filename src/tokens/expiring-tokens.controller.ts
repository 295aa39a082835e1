import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ExpiringTokens } from './expiring-tokens.service.js';

class MassRefreshView {
  @ApiProperty()
  message!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The parent task; null when no token ends soon.' })
  task_id!: string | null;

  @ApiProperty({ description: 'Tokens that will be refreshed.' })
  tokens!: number;
}

@ApiTags('tokens')
@Controller('tokens')
export class ExpiringTokensController {
  constructor(private readonly expiring: ExpiringTokens) {}

  /** Refreshes the tokens of all tenants that end within the hour, spread over time. */
  @Post('refresh-expiring')
  @Roles('operator')
  @HttpCode(200)
  @ApiOkResponse({ type: MassRefreshView })
  async refresh(@CurrentScope() scope: TenantScope): Promise<MassRefreshView> {
    const batch = await this.expiring.plan(scope.tenantId);
    if (!batch) return { message: 'No token ends soon.', task_id: null, tokens: 0 };
    return { message: 'The refresh is under way.', task_id: batch.task.id, tokens: batch.tokens };
  }
}
