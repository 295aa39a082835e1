import { Module } from '@nestjs/common';
import { AllegroModule } from '../allegro/allegro.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { AccountSync } from './account-sync.service.js';
import { CoarseSync } from './coarse-sync.service.js';
import { FormReader } from './form-reader.service.js';
import { HistoryImport } from './history-import.service.js';
import { IncrementalSync } from './incremental-sync.service.js';
import { Landing } from './landing.service.js';
import { OrderRefresh } from './order-refresh.service.js';
import { OrderSource } from './order-source.service.js';
import { ScheduleTick } from './schedule-tick.service.js';
import { ScheduledSync } from './scheduled-sync.jobs.js';
import { StartPoint } from './start-point.service.js';
import { SyncSchedules } from './sync-schedules.service.js';
import { SyncState } from './sync-state.read-model.js';
import { SyncTasks } from './sync-tasks.jobs.js';

/** Keeps accounts up to date: the journal, checkout forms by date, and the schedules of both. */
@Module({
  imports: [AllegroModule, OrdersModule, TokensModule],
  providers: [
    AccountSync,
    CoarseSync,
    FormReader,
    HistoryImport,
    IncrementalSync,
    Landing,
    OrderRefresh,
    OrderSource,
    ScheduleTick,
    ScheduledSync,
    StartPoint,
    SyncSchedules,
    SyncState,
    SyncTasks,
  ],
})
export class SyncModule {}
