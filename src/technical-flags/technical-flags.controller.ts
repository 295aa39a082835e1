import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { type Command, CurrentCommand } from './current-command.js';
import type { FlagCommand } from './decide-flags.js';
import { flagCounts } from './flag-counts.js';
import { FlagsSummaryView, InvoiceStatusBody, InvoiceStatusView, OrderFlagsView, StockStatusBody, StockStatusView, TokenQuery } from './flags.dto.js';
import { orderNotFound } from './flags.errors.js';
import type { FlagsState } from './flags.events.js';
import { FlagsReadModel } from './flags.read-model.js';
import { TechnicalFlags } from './technical-flags.service.js';

@ApiTags('orders')
@Controller('orders')
export class TechnicalFlagsController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly flags: TechnicalFlags,
    private readonly readModel: FlagsReadModel,
  ) {}

  @Get('technical-flags/summary')
  @ApiOkResponse({ type: FlagsSummaryView })
  async summary(@CurrentScope() scope: TenantScope, @Query() { token_id: tokenId }: TokenQuery): Promise<FlagsSummaryView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    return { token_id: tokenId, summary: flagCounts(await this.readModel.summary(accountId)), generated_at: new Date().toISOString() };
  }

  @Get(':order_id/technical-flags')
  @ApiOkResponse({ type: OrderFlagsView })
  async find(@CurrentScope() scope: TenantScope, @Query() { token_id: tokenId }: TokenQuery, @Param('order_id') orderId: string): Promise<OrderFlagsView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const flags = await this.readModel.find(accountId, orderId.toLowerCase());
    if (!flags) throw orderNotFound();
    return {
      order_id: flags.orderId,
      technical_flags: {
        is_stock_updated: flags.isStockUpdated,
        has_invoice_created: flags.hasInvoiceCreated,
        invoice_id: flags.invoiceId,
        created_at: flags.createdAt?.toISOString() ?? null,
        updated_at: flags.updatedAt?.toISOString() ?? null,
      },
    };
  }

  @Patch(':order_id/stock-status')
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiOkResponse({ type: StockStatusView })
  async setStock(
    @CurrentCommand() caller: Command,
    @Query() { token_id: tokenId }: TokenQuery,
    @Param('order_id') orderId: string,
    @Body() body: StockStatusBody,
  ): Promise<StockStatusView> {
    const state = await this.set(caller, { tokenId, orderId }, { kind: 'stock', isStockUpdated: body.is_stock_updated });
    return {
      success: true,
      order_id: orderId.toLowerCase(),
      is_stock_updated: state.isStockUpdated,
      updated_at: state.updatedAt,
      message: 'The stock status is set.',
    };
  }

  @Patch(':order_id/invoice-status')
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiOkResponse({ type: InvoiceStatusView })
  async setInvoice(
    @CurrentCommand() caller: Command,
    @Query() { token_id: tokenId }: TokenQuery,
    @Param('order_id') orderId: string,
    @Body() body: InvoiceStatusBody,
  ): Promise<InvoiceStatusView> {
    const command = { kind: 'invoice' as const, hasInvoiceCreated: body.has_invoice_created, invoiceId: body.invoice_id ?? null };
    const state = await this.set(caller, { tokenId, orderId }, command);
    return {
      success: true,
      order_id: orderId.toLowerCase(),
      has_invoice_created: state.hasInvoiceCreated,
      invoice_id: state.invoiceId,
      updated_at: state.updatedAt,
      message: 'The invoice status is set.',
    };
  }

  private async set({ scope, key }: Command, { tokenId, orderId }: { tokenId: string; orderId: string }, command: FlagCommand): Promise<FlagsState> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    return this.flags.set({ accountId, orderId: orderId.toLowerCase(), command, actor: scope.actor, key, at: new Date() });
  }
}
