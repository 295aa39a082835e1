import { Module } from '@nestjs/common';
import { TechnicalFlags } from './technical-flags.service.js';

/** The flags of an order: stock booked, invoice made. */
@Module({ providers: [TechnicalFlags], exports: [TechnicalFlags] })
export class TechnicalFlagsModule {}
