import { verifyStream } from '../platform/event-log/verify-chain.js';
import { BEFORE_THE_FIRST_SEAL, checkLink, checkPart, checkPublished, checkRoot, type SealFlaw, type SealTip } from './check-seals.js';
import { type ExportedEvent, type ExportedHead, type ExportedSeal, type ExportLine, readExportLine } from './log-export.js';
import { type LogFlaw, type LogReport, ofChain, ofSeals } from './log-flaw.js';
import { sealRoot, type SealedEntry, type SealPart } from './seal-record.js';

/** Text sorts as the number does: ids of transactions and sequences have at most 20 digits. */
const placeKey = ({ epoch, xid, seq }: Pick<SealedEntry, 'epoch' | 'xid' | 'seq'>) => [String(epoch), xid, seq].map((part) => part.padStart(20, '0')).join(':');

/**
 * Checks an export line by line, with nothing but the export: each stream's events follow its head; seals come behind them.
 * Keeps some 200 bytes an event.
 */
export class ExportCheck {
  private readonly flaws: LogFlaw[] = [];
  private readonly sealFlaws: SealFlaw[] = [];
  /** Documents are let go as soon as their chain is checked. */
  private readonly entries: SealedEntry[] = [];
  private readonly orderIds = new Map<string, string>();
  private readonly roots = new Map<string, Buffer>();
  private sorted = false;
  private head: ExportedHead | null = null;
  private pending: ExportedEvent[] = [];
  private tip: SealTip = BEFORE_THE_FIRST_SEAL;
  private lines = 0;
  private sealedEvents = 0;
  /** Index of the first event behind the seals so far. */
  private reached = 0;
  private ended = false;

  /** @throws when the line is none of an export */
  add(text: string): void {
    this.addLine(readExportLine(text));
  }

  /** @throws when the line holds what no export does */
  addLine(line: ExportLine): void {
    if (line.kind === 'event') {
      this.pending.push(line.event);
      this.lines += 1;
      return;
    }
    this.closeStream();
    if (line.kind === 'end') this.ended = line.lines === this.lines;
    else this.lines += 1;
    if (line.kind === 'stream') this.openStream(line.head);
    if (line.kind === 'seal') this.addSeal(line.sealed);
  }

  /** @param published heads of seals kept apart from the database; what they name must be there */
  report(published: readonly SealTip[] = []): LogReport {
    this.closeStream();
    const known = checkPublished(published, (number) => this.roots.get(number) ?? null);
    const flaws = [...this.flaws, ...[...this.sealFlaws, ...known].map((flaw) => ofSeals(flaw, this.orderIds))];
    if (!this.ended) flaws.push({ orderId: null, version: null, flaw: 'export_cut', streamId: null, seal: null });
    return {
      verified: flaws.length === 0,
      streams: this.orderIds.size,
      events: this.entries.length,
      seals: this.roots.size,
      sealedEvents: this.sealedEvents,
      flaws,
    };
  }

  private openStream(head: ExportedHead): void {
    this.head = head;
    this.orderIds.set(head.streamId, head.orderId);
  }

  private closeStream(): void {
    const { head, pending } = this;
    this.head = null;
    this.pending = [];
    if (head) {
      const flaw = verifyStream(head, pending);
      if (flaw) this.flaws.push(ofChain(flaw));
    }
    for (const { epoch, xid, seq, accountId, streamId, version, hash } of pending) {
      this.entries.push({ epoch, xid, seq, accountId, streamId, version, hash });
      this.sorted = false;
    }
  }

  private addSeal({ seal, body, digests, own }: ExportedSeal): void {
    const found = [checkLink(seal, this.tip)];
    if (digests) found.push(checkRoot(seal, digests));
    else if (!seal.root.equals(sealRoot(seal.previousRoot, body)))
      found.push({ seal: seal.number, flaw: 'seal_altered', accountId: null, streamId: null, version: null });
    if (own) found.push(...this.checkOwn(seal, own, digests ?? []));
    this.sealFlaws.push(...found.filter((flaw) => flaw !== null));
    this.sealedEvents += own?.events ?? 0;
    this.roots.set(seal.number, seal.root);
    this.tip = seal;
  }

  private checkOwn(seal: ExportedSeal['seal'], own: SealPart, digests: readonly Buffer[]): (SealFlaw | null)[] {
    const of = { seal: seal.number, accountId: own.accountId };
    if (!digests.some((digest) => digest.equals(own.digest))) return [{ ...of, flaw: 'part_altered', streamId: null, version: null }];
    this.sort();
    const [from, to] = [placeKey(seal.from), placeKey(seal.to)];
    const first = this.firstBehind(from);
    const last = this.firstBehind(to);
    const stray = first > this.reached ? this.entries[this.reached] : undefined;
    this.reached = last;
    const part = checkPart(seal.number, own, this.entries.slice(first, last));
    return [stray ? { ...of, flaw: 'event_not_sealed', streamId: stray.streamId, version: stray.version } : null, part];
  }

  private sort(): void {
    if (this.sorted) return;
    this.entries.sort((a, b) => (placeKey(a) < placeKey(b) ? -1 : 1));
    this.sorted = true;
  }

  /** Index of the first event behind a place. */
  private firstBehind(place: string): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.entries[middle];
      if (entry && placeKey(entry) <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
