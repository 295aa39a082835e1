import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { orderNotFound } from '../technical-flags/flags.errors.js';
import { ReplayView, type TimelineEventView, TimelineView } from './order-answers.dto.js';
import { OrderHistory } from './order-history.service.js';
import { OrderReplay } from './order-replay.service.js';
import type { TimelineEntry } from './order-timeline.js';

@ApiTags('orders')
@Controller('orders')
export class OrderHistoryController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly history: OrderHistory,
    private readonly replay: OrderReplay,
  ) {}

  @Get(':order_id/timeline')
  @ApiOperation({
    operationId: 'getOrderTimeline',
    summary: 'Lists every event of an order',
    description: 'Every event of the order: where it is from, its three times, and what it changed.',
  })
  @ApiOkResponse({ type: TimelineView })
  async timeline(@CurrentScope() scope: TenantScope, @Query() { token_id: tokenId }: TokenQuery, @Param('order_id') orderId: string): Promise<TimelineView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const entries = await this.history.timeline(accountId, orderId.toLowerCase());
    if (entries.length === 0) throw orderNotFound();
    return { order_id: orderId.toLowerCase(), token_id: tokenId, events: entries.map(timelineEventView), total: entries.length };
  }

  @Post(':order_id/replay')
  @ApiOperation({
    operationId: 'replayOrder',
    summary: 'Rebuilds an order from its log',
    description: 'Rebuilds what lists and reads show of the order from its log, repairs it and reports what differed.',
  })
  @Roles('seller', 'operator', 'support')
  @HttpCode(200)
  @ApiOkResponse({ type: ReplayView })
  async rebuild(@CurrentScope() scope: TenantScope, @Query() { token_id: tokenId }: TokenQuery, @Param('order_id') orderId: string): Promise<ReplayView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const report = await this.replay.rebuild(accountId, orderId.toLowerCase());
    if (!report) throw orderNotFound();
    return {
      success: true,
      order_id: report.orderId,
      version: report.version,
      events_replayed: report.events,
      differences: [...report.differences],
      repaired: report.repaired,
      message: report.repaired ? 'The projection differed from the log and was repaired.' : 'The projection agrees with the log.',
    };
  }
}

function timelineEventView({ event, allegroEvent, changes, kept }: TimelineEntry): TimelineEventView {
  return {
    version: event.version,
    type: event.type,
    source: event.source,
    occurred_at: event.occurredAt.toISOString(),
    observed_at: event.observedAt.toISOString(),
    recorded_at: event.recordedAt.toISOString(),
    actor: event.actor,
    causation_id: event.causationId,
    trace_id: event.traceId,
    allegro_event: allegroEvent,
    changes: [...changes],
    kept: [...kept],
  };
}
