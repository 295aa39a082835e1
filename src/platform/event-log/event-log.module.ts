import { Global, Module } from '@nestjs/common';
import { ErasureLedger } from '../erasure/erasure-ledger.js';
import { HoldersOfCopies } from '../erasure/holders-of-copies.js';
import { OrderKeys } from '../vault/order-keys.js';
import { ChainVerifier } from './chain-verifier.js';
import { EventLog } from './event-log.js';
import { EventReader } from './event-reader.js';
import { FeedEpoch } from './feed-epoch.js';
import { EventFeed } from './feed.js';
import { WriterLeases } from './writer-leases.js';

/** The append-only log, the keys of what is sealed in it, and who keeps copies of that. */
@Global()
@Module({
  providers: [FeedEpoch, OrderKeys, EventLog, EventReader, EventFeed, ChainVerifier, WriterLeases, HoldersOfCopies, ErasureLedger],
  exports: [OrderKeys, EventLog, EventReader, EventFeed, ChainVerifier, WriterLeases, HoldersOfCopies, ErasureLedger],
})
export class EventLogModule {}
