import { Module } from '@nestjs/common';
import { TechnicalFlagsModule } from '../technical-flags/technical-flags.module.js';
import { OrderRecorder } from './order-recorder.js';
import { OrderReplay } from './order-replay.service.js';

/** Orders: their streams, projections, queries and replay. */
@Module({
  imports: [TechnicalFlagsModule],
  providers: [OrderRecorder, OrderReplay],
  exports: [OrderRecorder, OrderReplay],
})
export class OrdersModule {}
