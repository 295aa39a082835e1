import { Module } from '@nestjs/common';
import { OrderCountsFolding } from './order-counts-folding.service.js';
import { OrderHistoryController } from './order-history.controller.js';
import { OrderListController } from './order-list.controller.js';
import { OrderSearchController } from './order-search.controller.js';
import { OrderStatisticsController } from './order-statistics.controller.js';
import { OrdersController } from './orders.controller.js';
import { OrdersModule } from './orders.module.js';

/** The routes of the orders and what is done in the background; apart from the orders themselves, which a command line needs without either. */
@Module({
  imports: [OrdersModule],
  controllers: [OrderSearchController, OrderListController, OrderStatisticsController, OrdersController, OrderHistoryController],
  providers: [OrderCountsFolding],
})
export class OrdersApiModule {}
