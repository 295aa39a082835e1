import { Module } from '@nestjs/common';
import { TechnicalFlagsController } from './technical-flags.controller.js';
import { TechnicalFlagsModule } from './technical-flags.module.js';

/** The routes of the flags; apart from the flags themselves, which a command line needs without any HTTP. */
@Module({ imports: [TechnicalFlagsModule], controllers: [TechnicalFlagsController] })
export class TechnicalFlagsApiModule {}
