import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type ExportFilter, OrdersForExport } from '../orders/orders-for-export.read-model.js';
import { Settings } from '../platform/settings/settings.service.js';
import { tooManyExports } from './exports.errors.js';
import { STREAMS_AT_ONCE } from './exports.settings.js';
import { countOf, idsAt } from './member-ids.js';
import type { Rendition } from './rendition.js';

/** A few hundred kilobytes of documents, milliseconds to parse: other requests are answered in between, and little lives long enough to be kept. */
const ORDERS_PER_PIECE = 50;
/** A direct export of ten thousand orders has ended by then. */
const RETRY_AFTER_SECONDS = 10;

export interface DirectExport {
  readonly tenantId: string;
  readonly accountId: string;
  readonly tokenId: string;
  readonly filter: ExportFilter;
  readonly rendition: Rendition;
}

/** Exports that go straight to who asked; nothing is kept. */
@Injectable()
export class DirectExports {
  private readonly running = new Map<string, number>();

  private readonly mostAtOnce: (tenantId: string) => number;

  constructor(
    private readonly orders: OrdersForExport,
    settings: Settings,
  ) {
    this.mostAtOnce = settings.live(STREAMS_AT_ONCE);
  }

  /** Reads on only as fast as it is taken. @throws Problem TOO_MANY_EXPORTS (429) */
  stream(wanted: DirectExport): Readable {
    const { tenantId } = wanted;
    const running = this.running.get(tenantId) ?? 0;
    if (running >= this.mostAtOnce(tenantId))
      throw tooManyExports(`${String(running)} of your exports are being sent; wait for one of them.`, RETRY_AFTER_SECONDS);
    this.running.set(tenantId, running + 1);
    // One piece waits while another one is sent: a slow reader holds two in memory.
    return Readable.from(this.pieces(wanted), { objectMode: true, highWaterMark: 1 }).once('close', () => {
      this.release(tenantId);
    });
  }

  private async *pieces({ accountId, tokenId, filter, rendition }: DirectExport): AsyncGenerator<Buffer> {
    if (rendition.head !== '') yield Buffer.from(rendition.head);
    const { ids } = await this.orders.members(accountId, filter);
    const total = countOf(ids);
    for (let from = 0; from < total; from += ORDERS_PER_PIECE) {
      const orders = await this.orders.read(idsAt(ids, from, from + ORDERS_PER_PIECE), tokenId);
      yield Buffer.from(orders.map(({ json }, index) => rendition.order(json, from + index)).join(''));
    }
    const foot = rendition.foot(total);
    if (foot !== '') yield Buffer.from(foot);
  }

  private release(tenantId: string): void {
    const left = (this.running.get(tenantId) ?? 1) - 1;
    if (left === 0) this.running.delete(tenantId);
    else this.running.set(tenantId, left);
  }
}
