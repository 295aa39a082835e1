/** The head of a stream as loaded before an append; a stream not born yet has version 0. */
export interface Head {
  readonly orderId: string;
  readonly streamId: string | null;
  readonly version: number;
  readonly tipHash: Buffer | null;
  readonly recordedAt: Date | null;
  readonly contentVersion: number | null;
  readonly contentHash: Buffer | null;
  readonly contentRevision: string | null;
  /** The account as the hashes of the stream name it; absent or null where that is the account itself (it was not imported). */
  readonly chainAccountId?: string | null;
  /** True once the order has a data key, also when it was destroyed (then `wrappedKey` is null). */
  readonly hasKey: boolean;
  readonly wrappedKey: Buffer | null;
  /** Those of the asked dedup keys that the stream holds already. */
  readonly knownKeys: ReadonlySet<string>;
  /** The database's clock in whole milliseconds. */
  readonly clock: Date;
}

export interface StreamQuestion {
  readonly orderId: string;
  readonly dedupKeys: readonly string[];
}

export interface OpenedStream {
  readonly orderId: string;
  readonly streamId: string;
  readonly version: number;
}
