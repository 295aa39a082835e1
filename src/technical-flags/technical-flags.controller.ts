import { applyDecorators, Body, Controller, Get, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { Conditional } from '../platform/http/conditional.decorator.js';
import { isKnown } from '../platform/http/conditional-answer.js';
import type { ShownClaim } from './claim-check.js';
import { shownClaim } from './claim-proof.dto.js';
import { type Command, CurrentCommand } from './current-command.js';
import type { FlagCommand } from './decide-flags.js';
import { flagCounts } from './flag-counts.js';
import { flagsView } from './flag-view.js';
import { FlagsSummaryView, InvoiceStatusBody, InvoiceStatusView, OrderFlagsView, StockStatusBody, StockStatusView } from './flags.dto.js';
import { orderNotFound } from './flags.errors.js';
import type { FlagsState } from './flags.events.js';
import { flagsEtag } from './flags-etag.js';
import { FlagsReadModel } from './flags.read-model.js';
import { TechnicalFlags } from './technical-flags.service.js';

const ETAG_HEADER = { ETag: { description: 'Of the flags, for `If-Match` and `If-None-Match`.', schema: { type: 'string' as const } } };

@ApiTags('orders')
@Controller('orders')
export class TechnicalFlagsController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly flags: TechnicalFlags,
    private readonly readModel: FlagsReadModel,
  ) {}

  @Get('technical-flags/summary')
  @ApiOperation({ operationId: 'summarizeFlags', summary: 'Counts the orders of an account by their flags' })
  @ApiOkResponse({ type: FlagsSummaryView })
  async summary(@CurrentScope() scope: TenantScope, @Query() { token_id: tokenId }: TokenQuery): Promise<FlagsSummaryView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    return { token_id: tokenId, summary: flagCounts(await this.readModel.summary(accountId)), generated_at: new Date().toISOString() };
  }

  @Get(':order_id/technical-flags')
  @ApiOperation({ operationId: 'getOrderFlags', summary: 'Reads the flags of an order' })
  @Conditional()
  @ApiOkResponse({ type: OrderFlagsView, headers: ETAG_HEADER })
  async find(
    @CurrentScope() scope: TenantScope,
    @Query() { token_id: tokenId }: TokenQuery,
    @Param('order_id') orderId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderFlagsView | ''> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const found = await this.readModel.find(accountId, orderId.toLowerCase());
    if (!found) throw orderNotFound();
    if (isKnown(flagsEtag(found.orderId, found.state), reply.request, reply)) return '';
    return { order_id: found.orderId, technical_flags: flagsView(found.state) };
  }

  @Patch(':order_id/stock-status')
  @ApiOperation({ operationId: 'setStockStatus', summary: 'Sets the stock flag of an order' })
  @ChangesFlags()
  @ApiOkResponse({ type: StockStatusView, headers: ETAG_HEADER })
  async setStock(
    @CurrentCommand() caller: Command,
    @Query() { token_id: tokenId }: TokenQuery,
    @Param('order_id') orderId: string,
    @Body() body: StockStatusBody,
  ): Promise<StockStatusView> {
    const state = await this.set(caller, { tokenId, orderId, claim: shownClaim(body) }, { kind: 'stock', isStockUpdated: body.is_stock_updated });
    return {
      success: true,
      order_id: orderId.toLowerCase(),
      is_stock_updated: state.isStockUpdated,
      updated_at: state.updatedAt,
      message: 'The stock status is set.',
    };
  }

  @Patch(':order_id/invoice-status')
  @ApiOperation({ operationId: 'setInvoiceStatus', summary: 'Sets the invoice flag of an order' })
  @ChangesFlags()
  @ApiOkResponse({ type: InvoiceStatusView, headers: ETAG_HEADER })
  async setInvoice(
    @CurrentCommand() caller: Command,
    @Query() { token_id: tokenId }: TokenQuery,
    @Param('order_id') orderId: string,
    @Body() body: InvoiceStatusBody,
  ): Promise<InvoiceStatusView> {
    const command = { kind: 'invoice' as const, hasInvoiceCreated: body.has_invoice_created, invoiceId: body.invoice_id ?? null };
    const state = await this.set(caller, { tokenId, orderId, claim: shownClaim(body) }, command);
    return {
      success: true,
      order_id: orderId.toLowerCase(),
      has_invoice_created: state.hasInvoiceCreated,
      invoice_id: state.invoiceId,
      updated_at: state.updatedAt,
      message: 'The invoice status is set.',
    };
  }

  private async set(
    { scope, key, ifMatch, tag }: Command,
    { tokenId, orderId, claim }: { tokenId: string; orderId: string; claim: ShownClaim | null },
    command: FlagCommand,
  ): Promise<FlagsState> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const change = { orderId: orderId.toLowerCase(), commands: [{ command, dedupKey: `c:${key}` }], ifMatch, claim };
    const [result] = await this.flags.change({ accountId, actor: scope.actor, at: new Date(), changes: [change] });
    if (result?.kind !== 'settled') throw result?.problem ?? orderNotFound();
    tag(flagsEtag(result.orderId, result.state));
    return result.state;
  }
}

function ChangesFlags(): MethodDecorator {
  return applyDecorators(
    ApiHeader({ name: 'Idempotency-Key', required: false }),
    ApiHeader({ name: 'If-Match', required: false, description: 'An ETag of the flags: 412 when somebody has changed them since.' }),
    ApiResponse({ status: 409, description: 'Somebody holds a claim, the shown claim is lost, or another order has the invoice id.' }),
    ApiResponse({ status: 412, description: 'The flags are no longer what `If-Match` says.' }),
  );
}
