import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { type Command, CurrentCommand } from './current-command.js';
import { askedChange, changeView, historyEntry } from './flag-change-rows.js';
import { FlagChangesBody, FlagChangesView, FlagHistoryQuery, FlagHistoryView } from './flag-changes.dto.js';
import { FlagHistory } from './flag-history.read-model.js';
import { nothingToChange, orderNotFound } from './flags.errors.js';
import { TechnicalFlags } from './technical-flags.service.js';

@ApiTags('orders')
@Controller('orders')
export class FlagChangesController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly flags: TechnicalFlags,
    private readonly history: FlagHistory,
  ) {}

  @Patch('technical-flags')
  @ApiOperation({
    operationId: 'changeFlags',
    summary: 'Sets flags of many orders',
    description:
      'Sets flags of many orders of one account. Each row is applied wholly or not at all and has its own result; the call is 200 whatever became of its rows. Sent again with the same Idempotency-Key it changes nothing twice.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiOkResponse({ type: FlagChangesView })
  async change(@CurrentCommand() { scope, key }: Command, @Query() { token_id: tokenId }: TokenQuery, @Body() body: FlagChangesBody): Promise<FlagChangesView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const asked = body.changes.map((row) => askedChange(row, key));
    const usable = asked.filter((change) => change.commands.length > 0);
    const found = await this.flags.change({ accountId, actor: scope.actor, at: new Date(), changes: usable });
    const byChange = new Map(usable.map((change, index) => [change, found[index]]));
    const results = asked.map((change, index) => {
      const result = byChange.get(change) ?? { kind: 'refused' as const, orderId: change.orderId, problem: nothingToChange() };
      return changeView(body.changes[index]?.order_id ?? change.orderId, result);
    });
    const refused = results.filter(({ status }) => status !== 200).length;
    return { success: refused === 0, settled: results.length - refused, refused, results };
  }

  @Get(':order_id/technical-flags/history')
  @ApiOperation({
    operationId: 'listFlagChanges',
    summary: "Lists the changes of an order's flags",
    description: 'Who changed the flags of an order, when, from what to what; newest first.',
  })
  @ApiOkResponse({ type: FlagHistoryView })
  async changes(@CurrentScope() scope: TenantScope, @Query() query: FlagHistoryQuery, @Param('order_id') id: string): Promise<FlagHistoryView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const orderId = id.toLowerCase();
    const page = await this.history.page(accountId, orderId, query);
    if (!page) throw orderNotFound();
    const isFull = page.changes.length === query.limit;
    return {
      order_id: orderId,
      replaced_by: page.replacedBy,
      changes: page.changes.map(historyEntry),
      next_before: isFull ? (page.changes.at(-1)?.version ?? null) : null,
    };
  }
}
