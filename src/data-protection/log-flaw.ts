import type { ChainFlaw, Flaw } from '../platform/event-log/verify-chain.js';
import type { SealFlaw, SealFlawKind } from './check-seals.js';

/** The first thing wrong of a stream or of a seal. */
export interface LogFlaw {
  /** Null when the log no longer knows which order it was, or the flaw is a seal's. */
  readonly orderId: string | null;
  readonly version: number | null;
  readonly flaw: Flaw | SealFlawKind | 'export_cut';
  readonly streamId: string | null;
  readonly seal: string | null;
}

export function ofChain(flaw: ChainFlaw): LogFlaw {
  return { ...flaw, streamId: null, seal: null };
}

export function ofSeals({ flaw, seal, streamId, version }: SealFlaw, orderIds: ReadonlyMap<string, string>): LogFlaw {
  return { orderId: streamId === null ? null : (orderIds.get(streamId) ?? null), version, flaw, streamId, seal };
}

export interface LogReport {
  readonly verified: boolean;
  readonly streams: number;
  readonly events: number;
  readonly seals: number;
  /** Events some seal covers. */
  readonly sealedEvents: number;
  /** Seals of the installations that imported accounts come from; absent where none was imported. */
  readonly importedSeals?: number;
  readonly flaws: readonly LogFlaw[];
}
