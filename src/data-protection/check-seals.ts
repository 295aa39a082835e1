import { FIRST_PREVIOUS_ROOT, isMarkOf, partDigest, readLeaves, type Seal, sealBody, type SealedEntry, type SealPart, sealRoot } from './seal-record.js';

export type SealFlawKind =
  | 'seal_missing'
  | 'seal_altered'
  | 'seal_unlinked'
  | 'seal_replaced'
  | 'signature_wrong'
  | 'event_missing'
  | 'event_replaced'
  | 'event_not_sealed'
  | 'event_moved'
  | 'part_altered';

export interface SealFlaw {
  readonly seal: string;
  readonly flaw: SealFlawKind;
  readonly accountId: string | null;
  readonly streamId: string | null;
  readonly version: number | null;
}

const ofSeal = (seal: string, flaw: SealFlawKind): SealFlaw => ({ seal, flaw, accountId: null, streamId: null, version: null });

/** What the next seal has to continue. */
export interface SealTip {
  readonly number: string;
  readonly root: Buffer;
}

export const BEFORE_THE_FIRST_SEAL: SealTip = { number: '0', root: FIRST_PREVIOUS_ROOT };

/** Whether a seal continues the one before it; null when it does. */
export function checkLink(seal: Pick<Seal, 'number' | 'previousRoot'>, tip: SealTip): SealFlaw | null {
  const expected = String(BigInt(tip.number) + 1n);
  if (seal.number !== expected) return ofSeal(expected, 'seal_missing');
  return seal.previousRoot.equals(tip.root) ? null : ofSeal(seal.number, 'seal_unlinked');
}

/** Whether a seal's root is made of what it says. `digests` in the order of their accounts. */
export function checkRoot(seal: Seal, digests: readonly Buffer[]): SealFlaw | null {
  return seal.root.equals(sealRoot(seal.previousRoot, sealBody(seal, digests))) ? null : ofSeal(seal.number, 'seal_altered');
}

/**
 * Whether the log still holds exactly the events of an account that a seal covers.
 * @param entries the account's events in the seal's stretch, in feed order
 * @returns the first event that is not what was sealed
 */
export function checkPart(number: string, part: SealPart, entries: readonly SealedEntry[]): SealFlaw | null {
  const { accountId } = part;
  if (partDigest(accountId, entries).equals(part.digest)) return null;
  const at = (flaw: SealFlawKind, event: { streamId: string; version: number } | null): SealFlaw => ({
    seal: number,
    flaw,
    accountId,
    streamId: event?.streamId ?? null,
    version: event?.version ?? null,
  });
  const nameOf = ({ streamId, version }: { streamId: string; version: number }) => `${streamId}:${String(version)}`;
  const held = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const leaves = readLeaves(part.leaves);
  for (const leaf of leaves) {
    const entry = held.get(nameOf(leaf));
    if (!entry) return at('event_missing', leaf);
    if (!isMarkOf(leaf.mark, entry.hash)) return at('event_replaced', leaf);
  }
  const sealed = new Set(leaves.map(nameOf));
  const foreign = entries.find((entry) => !sealed.has(nameOf(entry)));
  if (foreign) return at('event_not_sealed', foreign);
  const moved = leaves.find((leaf, index) => nameOf(leaf) !== nameOf(entries[index] ?? leaf));
  return moved ? at('event_moved', moved) : at('part_altered', null);
}

/** Compares seals with heads that were published where the database's owner cannot change them. */
export function checkPublished(published: readonly SealTip[], rootOf: (number: string) => Buffer | null): SealFlaw[] {
  return published.flatMap(({ number, root }) => {
    const held = rootOf(number);
    if (!held) return [ofSeal(number, 'seal_missing')];
    return held.equals(root) ? [] : [ofSeal(number, 'seal_replaced')];
  });
}
