import { Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ChainVerifier } from '../platform/event-log/chain-verifier.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { VerificationView, VerifyQuery } from './integrity.dto.js';

@ApiTags('integrity')
@Controller('integrity')
export class IntegrityController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly verifier: ChainVerifier,
  ) {}

  /** Recomputes the hash chain of an order or of a whole account from the stored bytes; changes nothing. */
  @Post('verify')
  @Roles('seller', 'operator', 'support')
  @HttpCode(200)
  @ApiOkResponse({ type: VerificationView })
  async verify(@CurrentScope() scope: TenantScope, @Query() query: VerifyQuery): Promise<VerificationView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const orderId = query.order_id?.toLowerCase();
    const report = await this.verifier.verify({ accountId, ...(orderId === undefined ? {} : { orderId }) });
    return {
      verified: report.verified,
      streams: report.streams,
      events: report.events,
      flaws: report.flaws.map((flaw) => ({ order_id: flaw.orderId, version: flaw.version, flaw: flaw.flaw })),
      checked_at: new Date().toISOString(),
    };
  }
}
