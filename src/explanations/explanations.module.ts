import { Module } from '@nestjs/common';
import { DataProtectionModule } from '../data-protection/data-protection.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { NoticesModule } from '../platform/notices/notices.module.js';
import { SyncModule } from '../sync/sync.module.js';
import { TechnicalFlagsModule } from '../technical-flags/technical-flags.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { ExplanationsController } from './explanations.controller.js';
import { Explanations } from './explanations.service.js';
import { OrderPastService } from './order-past.service.js';
import { ProspectsService } from './prospects.service.js';

/** Explains one order to support: its past, its present, what comes. */
@Module({
  imports: [DataProtectionModule, NoticesModule, OrdersModule, SyncModule, TechnicalFlagsModule, TokensModule],
  controllers: [ExplanationsController],
  providers: [Explanations, OrderPastService, ProspectsService],
})
export class ExplanationsModule {}
