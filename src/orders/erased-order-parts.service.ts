import { Injectable } from '@nestjs/common';
import { ErasureLedger } from '../platform/erasure/erasure-ledger.js';
import { EventReader } from '../platform/event-log/event-reader.js';
import { PlannerStatistics } from './planner-statistics.service.js';

/** What the rewriting of erased orders reads and renews. */
@Injectable()
export class ErasedOrderParts {
  constructor(
    readonly ledger: ErasureLedger,
    readonly reader: EventReader,
    readonly statistics: PlannerStatistics,
  ) {}
}
