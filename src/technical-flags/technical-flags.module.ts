import { Module } from '@nestjs/common';
import { Claims } from './claims.service.js';
import { ClaimsReadModel } from './claims.read-model.js';
import { FlagHistory } from './flag-history.read-model.js';
import { FlagTransaction } from './flag-transaction.service.js';
import { FlagsReadModel } from './flags.read-model.js';
import { TechnicalFlags } from './technical-flags.service.js';

/** The flags of an order: stock booked, invoice made; and who works on them. */
@Module({
  providers: [TechnicalFlags, FlagTransaction, FlagsReadModel, FlagHistory, Claims, ClaimsReadModel],
  exports: [TechnicalFlags, FlagsReadModel, FlagHistory, Claims, ClaimsReadModel],
})
export class TechnicalFlagsModule {}
