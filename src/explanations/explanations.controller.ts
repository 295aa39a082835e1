import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ExplanationQuery, explanationView, ExplanationView } from './explanations.dto.js';
import { Explanations } from './explanations.service.js';

/** For who has to answer a seller's question about one order. */
@ApiTags('orders')
@Controller('orders')
export class ExplanationsController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly explanations: Explanations,
  ) {}

  @Get(':order_id/explanation')
  @ApiOperation({
    operationId: 'explainOrder',
    summary: 'Explains an order',
    description: 'What arrived when and from where, what was held or ignored and why, how the order stands and what happens next: sentences and their facts.',
  })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: ExplanationView })
  async explain(@CurrentScope() scope: TenantScope, @Param('order_id') id: string, @Query() query: ExplanationQuery): Promise<ExplanationView> {
    const account = await this.accounts.resolve(scope, query.token_id);
    const orderId = id.toLowerCase();
    return explanationView(await this.explanations.explain(account, orderId), { orderId, tokenId: query.token_id, language: query.lang });
  }
}
