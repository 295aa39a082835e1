import { Module } from '@nestjs/common';
import { TechnicalFlagsModule } from '../technical-flags/technical-flags.module.js';
import { DaySums } from './day-sums.read-model.js';
import { AdoptedOrders } from './adopted-orders.service.js';
import { ErasedOrderParts } from './erased-order-parts.service.js';
import { ErasedOrders } from './erased-orders.service.js';
import { HeldDocuments } from './held-documents.read-model.js';
import { JournalEventsReadModel } from './journal-events.read-model.js';
import { OrderCountsReadModel } from './order-counts.read-model.js';
import { OrderDocument } from './order-document.read-model.js';
import { OrderHistory } from './order-history.service.js';
import { OrderRecorder } from './order-recorder.service.js';
import { OrderReplay } from './order-replay.service.js';
import { OrderSearch } from './order-search.read-model.js';
import { OrderStatisticsReadModel } from './order-statistics.read-model.js';
import { OrdersForExport } from './orders-for-export.read-model.js';
import { OrdersReadModel } from './orders.read-model.js';
import { OwedParcels } from './owed-shipments.service.js';
import { PlannerStatistics } from './planner-statistics.service.js';
import { PurchaseLinks } from './purchase-links.service.js';
import { RenderedOrders } from './rendered-orders.service.js';
import { ShipmentsRecorder } from './shipments-recorder.service.js';

/** Orders: their streams, projections, queries and replay. */
@Module({
  imports: [TechnicalFlagsModule],
  providers: [
    AdoptedOrders,
    DaySums,
    ErasedOrderParts,
    ErasedOrders,
    HeldDocuments,
    OrderCountsReadModel,
    OrderDocument,
    OrderRecorder,
    OrderReplay,
    OrderHistory,
    OrderSearch,
    OrderStatisticsReadModel,
    OrdersForExport,
    OrdersReadModel,
    JournalEventsReadModel,
    OwedParcels,
    PlannerStatistics,
    PurchaseLinks,
    RenderedOrders,
    ShipmentsRecorder,
  ],
  exports: [
    AdoptedOrders,
    DaySums,
    HeldDocuments,
    OrderDocument,
    OrderRecorder,
    OrderReplay,
    OrderHistory,
    OrderSearch,
    OrderStatisticsReadModel,
    OrdersForExport,
    OrdersReadModel,
    JournalEventsReadModel,
    OwedParcels,
    PurchaseLinks,
    RenderedOrders,
    ShipmentsRecorder,
  ],
})
export class OrdersModule {}
