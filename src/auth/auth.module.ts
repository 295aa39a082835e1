import { Module } from '@nestjs/common';
import { AllegroModule } from '../allegro/allegro.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { AuthController } from './auth.controller.js';
import { Authorizations } from './device-authorizations.read-model.js';
import { LinkAccountTask } from './link-account.jobs.js';
import { LinkCompletion } from './link-completion.service.js';
import { LinkEnd } from './link-end.service.js';
import { LinkPoll } from './link-poll.service.js';
import { LinkRecorder } from './link-recorder.service.js';
import { LinkStart } from './link-start.service.js';
import { LinkStatuses } from './link-statuses.service.js';

/** Linking a seller's account by device code. */
@Module({
  imports: [AllegroModule, TokensModule],
  controllers: [AuthController],
  providers: [Authorizations, LinkAccountTask, LinkCompletion, LinkEnd, LinkPoll, LinkRecorder, LinkStart, LinkStatuses],
})
export class AuthModule {}
