import { Module } from '@nestjs/common';
import { TechnicalFlagsModule } from '../technical-flags/technical-flags.module.js';
import { AccountHistoryController } from './account-history.controller.js';
import { AccountHistory } from './account-history.service.js';
import { AccountStreams } from './account-streams.read-model.js';
import { OrderRestoring } from './order-restoring.service.js';
import { OrdersModule } from './orders.module.js';

/** The past of whole accounts, and the way back to it. */
@Module({
  imports: [OrdersModule, TechnicalFlagsModule],
  controllers: [AccountHistoryController],
  providers: [AccountHistory, AccountStreams, OrderRestoring],
  exports: [AccountStreams, OrderRestoring],
})
export class OrderPastModule {}
