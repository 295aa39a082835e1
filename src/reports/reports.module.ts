import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { ReportsController } from './reports.controller.js';
import { Reports } from './reports.service.js';

/** What an account sold, to whom, what was cancelled and how long it took: over any span. */
@Module({ imports: [OrdersModule], controllers: [ReportsController], providers: [Reports] })
export class ReportsModule {}
