import { Module } from '@nestjs/common';
import { FlagsReadModel } from './flags.read-model.js';
import { TechnicalFlags } from './technical-flags.service.js';

/** The flags of an order: stock booked, invoice made. */
@Module({ providers: [TechnicalFlags, FlagsReadModel], exports: [TechnicalFlags, FlagsReadModel] })
export class TechnicalFlagsModule {}
