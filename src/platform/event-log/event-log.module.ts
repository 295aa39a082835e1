import { Global, Module } from '@nestjs/common';
import { OrderKeys } from '../vault/order-keys.js';
import { ChainVerifier } from './chain-verifier.js';
import { EventLog } from './event-log.js';
import { EventReader } from './event-reader.js';
import { EventFeed } from './feed.js';
import { WriterLeases } from './writer-leases.js';

/** The append-only log and the keys of what is sealed in it. */
@Global()
@Module({
  providers: [OrderKeys, EventLog, EventReader, EventFeed, ChainVerifier, WriterLeases],
  exports: [OrderKeys, EventLog, EventReader, EventFeed, ChainVerifier, WriterLeases],
})
export class EventLogModule {}
