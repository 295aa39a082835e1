import { Module } from '@nestjs/common';
import { ErasedReasons } from '../platform/http/access/erased-reasons.js';
import { ErasedTasks } from '../platform/jobs/erased-tasks.js';
import { BuyerLookup } from './buyer-lookup.service.js';
import { BuyersOrders } from './buyers-orders.read-model.js';
import { EraseBuyerTasks, ErasureRegistries } from './erase-buyer.jobs.js';
import { Erasing } from './erasing.service.js';
import { ErasureCleaning } from './erasure-cleaning.service.js';
import { ErasureList } from './erasure-list.service.js';
import { ErasureRestoration } from './erasure-restoration.service.js';
import { ErasuresController } from './erasures.controller.js';
import { Erasures } from './erasures.read-model.js';

/** Buyers forgotten by one call. Platform keeps copies too; it knows nothing of erasures, so its holders are provided here. */
@Module({
  controllers: [ErasuresController],
  providers: [
    BuyerLookup,
    BuyersOrders,
    EraseBuyerTasks,
    ErasedReasons,
    ErasedTasks,
    Erasing,
    ErasureCleaning,
    ErasureList,
    ErasureRegistries,
    ErasureRestoration,
    Erasures,
  ],
})
export class ErasureModule {}
