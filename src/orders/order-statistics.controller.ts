import { Controller, Get, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { CurrencyView, OrderStatisticsQuery, OrderStatisticsView } from './order-statistics.dto.js';
import { OrderStatisticsReadModel } from './order-statistics.read-model.js';
import { statisticsAnswer } from './statistics-answer.js';

const WARSAW = 'Europe/Warsaw';

@ApiTags('orders')
@ApiExtraModels(CurrencyView)
@Controller('orders')
export class OrderStatisticsController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly statistics: OrderStatisticsReadModel,
  ) {}

  @Get('statistics')
  @ApiOperation({
    operationId: 'getOrderStatistics',
    summary: "Reads statistics of an account's orders",
    description: 'Counts, revenue by currency and top buyers of the last days. An order that replaced others counts once, a cancelled one brings in nothing.',
  })
  @ApiOkResponse({ type: OrderStatisticsView })
  async read(@CurrentScope() scope: TenantScope, @Query() query: OrderStatisticsQuery): Promise<OrderStatisticsView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const timeZone = query.tz ?? WARSAW;
    const found = await this.statistics.of(accountId, query.days, timeZone);
    return statisticsAnswer(found, { days: query.days, timeZone, now: new Date() });
  }
}
