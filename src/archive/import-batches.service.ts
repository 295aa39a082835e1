import { Injectable } from '@nestjs/common';
import type { ArchivePart } from '../data-protection/archive-file.client.js';
import type { ArchivedErasure } from '../data-protection/archive-lines.js';
import { AdoptedOrders } from '../orders/adopted-orders.service.js';
import type { Transaction } from '../platform/database/transaction.js';
import type { RecordedEvent } from '../platform/event-log/events.js';
import { orderReference } from '../platform/vault/buyer-reference.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import { importSeals, importStreams } from './account-import.store.js';
import { type AdoptedStream, adoptStream, type Adoption } from './adopted-stream.js';
import type { ImportWatch } from './account-import.service.js';

/** As many streams as the recorder lands at once. */
const STREAMS_A_STATEMENT = 200;
/** Documents are a few kB each; an account's own stream may be large by itself. */
const BYTES_A_STATEMENT = 4 * 2 ** 20;
/** A seal of a busy hour weighs some hundred kB. */
const SEALS_A_STATEMENT = 20;

export interface WrittenParts {
  readonly erasures: readonly ArchivedErasure[];
  /** Of the lines as they were read while writing. */
  readonly sha256: string;
}

/** Writes the parts of an archive in pieces that fit into memory, each stream with its projection. */
@Injectable()
export class ImportBatches {
  constructor(
    readonly keys: OrderKeys,
    private readonly orders: AdoptedOrders,
  ) {}

  /** The reference by which the ledger knows an order that was erased. */
  referenceOf(accountId: string, orderId: string): Buffer {
    return orderReference(this.keys, accountId, orderId);
  }

  async write(tx: Transaction, parts: AsyncIterable<ArchivePart>, adoption: Adoption, watch: ImportWatch): Promise<WrittenParts> {
    const erasures: ArchivedErasure[] = [];
    const streams = new Batch<AdoptedStream>(STREAMS_A_STATEMENT, (batch) => this.writeStreams(tx, batch, adoption));
    const seals = new Batch<{ number: string; line: string; bytes: number }>(SEALS_A_STATEMENT, (batch) => importSeals(tx, adoption.accountId, batch));
    let written = { streams: 0, events: 0 };
    let sha256 = '';
    for await (const part of parts) {
      if (part.kind === 'stream') {
        written = { streams: written.streams + 1, events: written.events + part.stream.events.length };
        if (await streams.add(adoptStream(part.stream, adoption))) await watch(written);
      }
      if (part.kind === 'seal') await seals.add({ number: part.number, line: part.line, bytes: part.line.length });
      if (part.kind === 'erasure') erasures.push(part.erasure);
      if (part.kind === 'digest') ({ sha256 } = part);
    }
    await streams.flush();
    await seals.flush();
    await watch(written);
    return { erasures, sha256 };
  }

  private async writeStreams(tx: Transaction, streams: readonly AdoptedStream[], { accountId }: Adoption): Promise<void> {
    const numbers = await importStreams(tx, accountId, streams);
    const known = streams.flatMap(({ recorded }): RecordedEvent[][] => {
      const streamId = numbers.get(recorded[0]?.orderId ?? '');
      return streamId === undefined ? [] : [recorded.map((event) => ({ ...event, streamId }))];
    });
    await this.orders.project(tx, accountId, known);
  }
}

/** Collects until enough is there for one statement. */
class Batch<Item extends { readonly bytes: number }> {
  private items: Item[] = [];
  private bytes = 0;

  constructor(
    private readonly most: number,
    private readonly write: (items: readonly Item[]) => Promise<void>,
  ) {}

  /** @returns whether it was written */
  async add(item: Item): Promise<boolean> {
    this.items.push(item);
    this.bytes += item.bytes;
    if (this.items.length < this.most && this.bytes < BYTES_A_STATEMENT) return false;
    await this.flush();
    return true;
  }

  async flush(): Promise<void> {
    const { items } = this;
    [this.items, this.bytes] = [[], 0];
    if (items.length > 0) await this.write(items);
  }
}
