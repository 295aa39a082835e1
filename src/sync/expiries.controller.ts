import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ExpiriesReadModel } from './expiries.read-model.js';
import { EXPIRY_LEVELS, type ExpiryLevel, type Reach, REACHES } from './reach.js';
import { OptionalTokenIdQuery } from './sync.dto.js';

class ExpiryView {
  @ApiProperty({ enum: REACHES }) reach!: Reach;
  @ApiProperty({ format: 'date-time', description: 'When it was last taken care of.' }) since!: string;
  @ApiProperty({ format: 'date-time', description: 'From then on something is lost for good.' }) expires_at!: string;
  @ApiProperty({ enum: EXPIRY_LEVELS }) level!: ExpiryLevel;
}

class AccountExpiriesView {
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) token_id!: string | null;
  @ApiProperty({ type: String, nullable: true }) login!: string | null;
  @ApiProperty({ type: [ExpiryView] }) expiries!: ExpiryView[];
}

class ExpiriesView {
  @ApiProperty({ type: [AccountExpiriesView] }) accounts!: AccountExpiriesView[];
  @ApiProperty({ format: 'date-time' }) generated_at!: string;
}

@ApiTags('sync')
@Controller('accounts')
export class ExpiriesController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly expiries: ExpiriesReadModel,
  ) {}

  @Get('expiries')
  @ApiOperation({
    operationId: 'listExpiries',
    summary: 'Lists what passes out of reach, and when',
    description: 'When events (60 days), orders (12 months) and the refresh token (3 months) pass out of reach if nothing happens.',
  })
  @ApiOkResponse({ type: ExpiriesView })
  async find(@CurrentScope() scope: TenantScope, @Query() { token_id: tokenId }: OptionalTokenIdQuery): Promise<ExpiriesView> {
    const account = tokenId === undefined ? null : await this.accounts.resolve(scope, tokenId);
    const now = new Date();
    const found = await this.expiries.ofTenant(account?.tenantId ?? scope.tenantId, account?.accountId ?? null, now);
    const accounts = found.map((one) => ({
      token_id: tokenId ?? one.tokenId,
      login: one.login,
      expiries: one.expiries.map(({ reach, since, at, level }) => ({ reach, since: since.toISOString(), expires_at: at.toISOString(), level })),
    }));
    return { accounts, generated_at: now.toISOString() };
  }
}
