import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { FeedPosition } from '../platform/event-log/feed.js';
import { SupervisedLoops } from '../platform/supervision/supervised-loops.js';
import { ChangeFeed } from './change-feed.read-model.js';

/** An idle look costs 0.04 ms; a change is told within a quarter of a second. NOTIFY inside the append would cost each writer its commit. */
const LOOK_INTERVAL_MS = 200;

interface Watch {
  readonly accountIds: ReadonlySet<string>;
  readonly tell: () => void;
}

/** News of some accounts: begin it before reading, so that nothing falls between the read and the wait. */
export interface News {
  readonly arrived: Promise<void>;
  end(): void;
}

/** The one reader of the outbox's end in this process; it wakes those who wait and hands out nothing: each reads from its own place. */
@Injectable()
export class ChangeTailer implements OnApplicationBootstrap {
  private readonly watches = new Set<Watch>();
  private position: FeedPosition | null = null;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly loops: SupervisedLoops,
  ) {}

  onApplicationBootstrap(): void {
    this.loops.start('change-tailer', LOOK_INTERVAL_MS, () => this.look());
  }

  watch(accountIds: readonly string[]): News {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const watch = { accountIds: new Set(accountIds), tell: () => { resolve(undefined); } }; // prettier-ignore
    this.watches.add(watch);
    return { arrived: promise, end: () => this.watches.delete(watch) };
  }

  private async look(): Promise<void> {
    if (this.watches.size === 0) this.position = null;
    else if (this.position === null) await this.begin();
    else await this.follow(this.position);
  }

  /** What came between the first watch and the first look is unknown: everybody reads once more. */
  private async begin(): Promise<void> {
    this.position = await this.feed.now();
    for (const { tell } of this.watches) tell();
  }

  private async follow(position: FeedPosition): Promise<void> {
    const { accountIds, reached } = await this.feed.news(position);
    this.position = reached;
    for (const watch of this.watches) if (accountIds.some((id) => watch.accountIds.has(id))) watch.tell();
  }
}
