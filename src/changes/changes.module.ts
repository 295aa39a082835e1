import { Module } from '@nestjs/common';
import { ChangeFeed } from './change-feed.read-model.js';
import { ChangeTailer } from './change-tailer.service.js';
import { ChangesController } from './changes.controller.js';
import { Changes } from './changes.service.js';
import { Listeners } from './listeners.service.js';

/** What integrations are told as it happens: a feed to poll and a stream to hold open, both from the outbox of the log. */
@Module({ providers: [ChangeFeed, ChangeTailer, Changes, Listeners], controllers: [ChangesController] })
export class ChangesModule {}
