import { Module } from '@nestjs/common';
import { KeepersOfNotices } from './keepers-of-notices.js';

/** Where those who tell receivers about orders meet those who are asked about it. */
@Module({ providers: [KeepersOfNotices], exports: [KeepersOfNotices] })
export class NoticesModule {}
