import { Module } from '@nestjs/common';
import { ClaimsController } from './claims.controller.js';
import { FlagChangesController } from './flag-changes.controller.js';
import { TechnicalFlagsController } from './technical-flags.controller.js';
import { TechnicalFlagsModule } from './technical-flags.module.js';

/** The routes of the flags; apart from the flags themselves, which a command line needs without any HTTP. */
@Module({ imports: [TechnicalFlagsModule], controllers: [ClaimsController, FlagChangesController, TechnicalFlagsController] })
export class TechnicalFlagsApiModule {}
