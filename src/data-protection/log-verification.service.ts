import { Injectable } from '@nestjs/common';
import { ChainVerifier } from '../platform/event-log/chain-verifier.js';
import { BEFORE_THE_FIRST_SEAL, checkLink, checkPart, checkPublished, checkRoot, type SealFlaw, type SealTip } from './check-seals.js';
import { ImportedLogs } from './imported-logs.read-model.js';
import { type LogReport, ofChain, ofSeals } from './log-flaw.js';
import type { Seal, SealedEntry } from './seal-record.js';
import { SealsReadModel, type StoredPart } from './seals.read-model.js';

/** Seals read at once; each brings the hashes of its events, some hundred kB. */
const SEALS_PER_PAGE = 50;

export interface WatchedVerification {
  /** Null verifies every account. */
  readonly accountId: string | null;
  /** Told from 0 to 1; what it throws ends the verification. */
  /** Heads of seals kept apart from the database: what they name must be there. */
  readonly published?: readonly SealTip[];
  readonly onProgress?: (fraction: number) => Promise<void>;
}

interface SealsChecked {
  readonly seals: number;
  readonly sealedEvents: number;
  readonly flaws: readonly SealFlaw[];
}

/** Recomputes chains and seals from the stored bytes; reads only and needs no key. */
@Injectable()
export class LogVerification {
  constructor(
    private readonly chains: ChainVerifier,
    private readonly seals: SealsReadModel,
    private readonly imports: ImportedLogs,
  ) {}

  /** The chain of a stream shows what was changed in it; only the seals show a stream or a tail that is gone with its head. */
  async verify(wanted: WatchedVerification): Promise<LogReport> {
    const { accountId, onProgress } = wanted;
    const scope = accountId === null ? {} : { accountId };
    const total = Math.max(1, await this.chains.size(scope));
    const chains = await this.chains.verify(scope, async (streams) => onProgress?.(Math.min(0.9, (0.9 * streams) / total)));
    const sealed = await this.checkSeals(wanted);
    const streamIds = sealed.flaws.flatMap(({ streamId }) => (streamId === null ? [] : [streamId]));
    const orderIds = await this.seals.orderIds(streamIds);
    const origin = await this.imports.verify(accountId);
    const flaws = [...chains.flaws.map(ofChain), ...sealed.flaws.map((flaw) => ofSeals(flaw, orderIds)), ...(origin?.flaws ?? [])];
    const counts = { streams: chains.streams, events: chains.events, seals: sealed.seals, sealedEvents: sealed.sealedEvents };
    return { verified: flaws.length === 0, ...counts, ...(origin ? { importedSeals: origin.seals } : {}), flaws };
  }

  private async checkSeals({ accountId, onProgress, published = [] }: WatchedVerification): Promise<SealsChecked> {
    const flaws: SealFlaw[] = [];
    const anchored = new Map<string, Buffer | null>(published.map(({ number }) => [number, null]));
    let tip: SealTip = BEFORE_THE_FIRST_SEAL;
    let seals = 0;
    let sealedEvents = 0;
    for (;;) {
      const page = await this.seals.page(tip.number, SEALS_PER_PAGE);
      if (page.length === 0) return { seals, sealedEvents, flaws: [...flaws, ...checkPublished(published, (number) => anchored.get(number) ?? null)] };
      const parts = Map.groupBy(
        await this.seals.parts(
          page.map((seal) => seal.number),
          accountId,
        ),
        (part) => part.number,
      );
      for (const seal of page) {
        const shares = parts.get(seal.number) ?? [];
        flaws.push(...(await this.checkSeal(seal, { tip, parts: shares, accountId })));
        sealedEvents += eventsOf(shares, accountId);
        seals += 1;
        if (anchored.has(seal.number)) anchored.set(seal.number, seal.root);
        tip = seal;
      }
      await onProgress?.(0.95);
    }
  }

  private async checkSeal(
    seal: Seal,
    { tip, parts, accountId }: { tip: SealTip; parts: readonly StoredPart[]; accountId: string | null },
  ): Promise<SealFlaw[]> {
    const digests = parts.map((part) => part.digest);
    const flaws = [checkLink(seal, tip), checkRoot(seal, digests)];
    const own = accountId === null ? parts : parts.filter((part) => part.accountId === accountId);
    if (own.length > 0) {
      const entries = Map.groupBy(await this.seals.entries(seal, accountId), (entry) => entry.accountId);
      flaws.push(...own.map((part) => checkPart(seal.number, part, entries.get(part.accountId) ?? [])));
      flaws.push(...foreignAccounts(seal, own, entries));
    }
    return flaws.filter((flaw) => flaw !== null);
  }
}

/** Events of accounts that had none when the stretch was sealed. */
function foreignAccounts(seal: Seal, parts: readonly StoredPart[], entries: ReadonlyMap<string, readonly SealedEntry[]>): SealFlaw[] {
  const sealed = new Set(parts.map((part) => part.accountId));
  return [...entries].flatMap(([accountId, [first]]) =>
    sealed.has(accountId) || !first
      ? []
      : [{ seal: seal.number, flaw: 'event_not_sealed' as const, accountId, streamId: first.streamId, version: first.version }],
  );
}

function eventsOf(parts: readonly StoredPart[], accountId: string | null): number {
  return parts.filter((part) => accountId === null || part.accountId === accountId).reduce((sum, part) => sum + part.events, 0);
}
