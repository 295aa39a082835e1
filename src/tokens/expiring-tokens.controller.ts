import { Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { ExpiringTokens } from './expiring-tokens.service.js';

/** A reason is a sentence, not a document. */
const LONGEST_REASON = 500;

class MassRefreshQuery {
  @ApiPropertyOptional({ description: 'Why, for the audit trail.', maxLength: LONGEST_REASON, example: 'Allegro announced maintenance for tonight' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_REASON)
  reason?: string;
}

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
  constructor(
    private readonly expiring: ExpiringTokens,
    private readonly audit: AuditTrail,
  ) {}

  @Post('refresh-expiring')
  @ReachesOut()
  @ApiOperation({ operationId: 'refreshExpiringTokens', summary: 'Refreshes the tokens of all tenants that end within the hour, spread over time' })
  @Roles('operator')
  @HttpCode(200)
  @ApiOkResponse({ type: MassRefreshView })
  async refresh(@CurrentScope() scope: TenantScope, @Query() query: MassRefreshQuery): Promise<MassRefreshView> {
    const { actor, roles, tenantId } = scope;
    const reason = query.reason ?? null;
    const entry = { actor, actorRoles: [...roles], tenantId, action: 'tokens.refresh_expiring', subject: { tenants: 'all' }, reason, requestId: null };
    await this.audit.record(entry);
    const batch = await this.expiring.plan(tenantId);
    if (!batch) return { message: 'No token ends soon.', task_id: null, tokens: 0 };
    return { message: 'The refresh is under way.', task_id: batch.task.id, tokens: batch.tokens };
  }
}
