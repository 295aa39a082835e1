import { type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import { EventFeed, FEED_START } from '../platform/event-log/feed.js';
import { FIRST_PREVIOUS_ROOT, type Seal, sealBody, type SealedEntry, sealParts, sealRoot } from './seal-record.js';
import { keyIdOf, readSigningKey, signRoot } from './seal-signature.js';
import { addSeal, lockSealing } from './seals.store.js';
import { SealsReadModel } from './seals.read-model.js';

/** Appends seals behind the feed. The feed's horizon keeps what is still uncommitted out, so a seal never misses a late commit. */
@Injectable()
export class Sealing {
  private readonly key: KeyObject | null;

  constructor(
    private readonly database: Database,
    private readonly feed: EventFeed,
    private readonly seals: SealsReadModel,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {
    const key = config.integrity.signingKey;
    this.key = key && readSigningKey(key.reveal());
  }

  /** Seals all there is, a batch a seal; answers the new seals. Nothing new, or another process at it: none. */
  async sealAll(signal?: AbortSignal): Promise<Seal[]> {
    const written: Seal[] = [];
    while (signal?.aborted !== true) {
      const seal = await this.sealNext();
      if (!seal) break;
      written.push(seal);
      if (seal.events < this.config.integrity.sealBatchEvents) break;
    }
    return written;
  }

  private async sealNext(): Promise<Seal | null> {
    const last = await this.seals.last();
    const from = last?.to ?? FEED_START;
    const entries = await this.feed.read(from, this.config.integrity.sealBatchEvents);
    if (entries.length === 0) return null;
    const parts = sealParts(entries);
    const seal = this.seal(
      last,
      entries,
      parts.map((part) => part.digest),
    );
    const added = await this.database.transaction(async (tx) => (await lockSealing(tx)) && addSeal(tx, seal, parts));
    return added ? seal : null;
  }

  private seal(last: Seal | null, entries: readonly SealedEntry[], digests: readonly Buffer[]): Seal {
    const { epoch, xid, seq } = entries.at(-1) ?? FEED_START;
    const before = last ?? { number: '0', to: FEED_START, root: FIRST_PREVIOUS_ROOT };
    const header = {
      number: String(BigInt(before.number) + 1n),
      from: before.to,
      to: { epoch, xid, seq },
      events: entries.length,
      previousRoot: before.root,
      sealedAt: new Date(),
    };
    const root = sealRoot(header.previousRoot, sealBody(header, digests));
    return { ...header, root, signature: this.key && signRoot(this.key, root), keyId: this.key && keyIdOf(this.key) };
  }
}
