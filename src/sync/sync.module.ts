import { Module } from '@nestjs/common';
import { AllegroModule } from '../allegro/allegro.module.js';
import { DataProtectionModule } from '../data-protection/data-protection.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { RetentionModule } from '../platform/retention/retention.module.js';
import { SettingsModule } from '../platform/settings/settings.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { AccountFiguresReadModel } from './account-figures.read-model.js';
import { AccountSync } from './account-sync.service.js';
import { AllegroProbe } from './allegro-probe.service.js';
import { AuditedRetries } from './audited-retries.service.js';
import { AutosyncController } from './autosync.controller.js';
import { BatchProtection } from './batch-protection.service.js';
import { CoarseSync } from './coarse-sync.service.js';
import { ErasedFailures } from './erased-failures.service.js';
import { ExpiriesController } from './expiries.controller.js';
import { ExpiriesReadModel } from './expiries.read-model.js';
import { ExpiryGuardian } from './expiry-guardian.service.js';
import { FailedOrdersController } from './failed-orders.controller.js';
import { FailedOrders } from './failed-orders.read-model.js';
import { Retries } from './retries.service.js';
import { SweepSchedule } from './sweep-schedule.service.js';
import { FormReader } from './form-reader.service.js';
import { HistoryImport } from './history-import.service.js';
import { IncrementalSync } from './incremental-sync.service.js';
import { JournalGaps } from './journal-gaps.service.js';
import { JournalSync } from './journal-sync.service.js';
import { Landing } from './landing.service.js';
import { OrderRefresh } from './order-refresh.service.js';
import { OrderSource } from './order-source.service.js';
import { OrderSyncController } from './order-sync.controller.js';
import { OrdersDebugController } from './orders-debug.controller.js';
import { OwedForms } from './owed-forms.service.js';
import { QuarantineController } from './quarantine.controller.js';
import { QuarantineDecisionsController } from './quarantine-decisions.controller.js';
import { QuarantineDecisions } from './quarantine-decisions.service.js';
import { RequestedSyncs } from './requested-syncs.service.js';
import { ScheduleTick } from './schedule-tick.service.js';
import { ScheduledSync } from './scheduled-sync.jobs.js';
import { ShipmentReading } from './shipment-reading.service.js';
import { StartPoint } from './start-point.service.js';
import { SyncPausesController } from './sync-pauses.controller.js';
import { SyncPauses } from './sync-pauses.read-model.js';
import { SyncPausing } from './sync-pausing.service.js';
import { Certificates } from './certificates.read-model.js';
import { Certification } from './certification.service.js';
import { MergedForms } from './merged-forms.service.js';
import { RequestedSweeps } from './requested-sweeps.service.js';
import { Sweep } from './sweep.service.js';
import { SweepController } from './sweep.controller.js';
import { SweepLooks } from './sweep-looks.service.js';
import { SweepNotes } from './sweep-notes.service.js';
import { SweepTasks } from './sweep-tasks.jobs.js';
import { SweepTurn } from './sweep-turn.service.js';
import { SyncRunRetention } from './sync-run-retention.service.js';
import { SyncRuns } from './sync-runs.read-model.js';
import { ScheduleReadModel } from './sync-schedules.read-model.js';
import { SyncSchedules } from './sync-schedules.service.js';
import { SyncState } from './sync-state.read-model.js';
import { SyncTasksController } from './sync-tasks.controller.js';
import { SyncTasks } from './sync-tasks.jobs.js';
import { SyncController } from './sync.controller.js';
import { TaskRetriesController } from './task-retries.controller.js';
import { TaskRevocation } from './task-revocation.service.js';
import { TokenChanges } from './token-changes.service.js';

/** Keeps accounts up to date: the journal, checkout forms by date, and the schedules of both. */
@Module({
  imports: [AllegroModule, DataProtectionModule, OrdersModule, TokensModule, RetentionModule, SettingsModule],
  controllers: [
    AutosyncController,
    ExpiriesController,
    FailedOrdersController,
    OrderSyncController,
    OrdersDebugController,
    QuarantineController,
    QuarantineDecisionsController,
    SweepController,
    SyncController,
    SyncPausesController,
    SyncTasksController,
    TaskRetriesController,
  ],
  providers: [
    AccountFiguresReadModel,
    AccountSync,
    AllegroProbe,
    AuditedRetries,
    BatchProtection,
    Certificates,
    Certification,
    CoarseSync,
    ErasedFailures,
    ExpiriesReadModel,
    ExpiryGuardian,
    FailedOrders,
    FormReader,
    HistoryImport,
    IncrementalSync,
    JournalGaps,
    JournalSync,
    Landing,
    MergedForms,
    OrderRefresh,
    OrderSource,
    OwedForms,
    QuarantineDecisions,
    RequestedSweeps,
    RequestedSyncs,
    Retries,
    ScheduleReadModel,
    ScheduleTick,
    ScheduledSync,
    ShipmentReading,
    StartPoint,
    Sweep,
    SweepLooks,
    SweepNotes,
    SweepSchedule,
    SweepTasks,
    SweepTurn,
    SyncPauses,
    SyncPausing,
    SyncRunRetention,
    SyncRuns,
    SyncSchedules,
    SyncState,
    SyncTasks,
    TaskRevocation,
    TokenChanges,
  ],
  exports: [Certificates, FailedOrders, ScheduleReadModel, SyncPauses, SyncRuns],
})
export class SyncModule {}
