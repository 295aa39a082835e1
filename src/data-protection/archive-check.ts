import { createPublicKey, type KeyObject } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../core/json.js';
import type { ArchiveFlaw, ArchiveFlawKind, ArchiveReport } from './archive-flaw.js';
import { type ArchiveDigest, type ArchiveHeader, type ArchiveManifest, COUNTS, digestLine, readHeader, type Section, SECTIONS } from './archive-lines.js';
import { ArchiveSums } from './archive-sums.js';
import type { SealTip } from './check-seals.js';
import { ExportCheck } from './export-check.js';
import { type ExportLine, readExportLine } from './log-export.js';
import type { LogReport } from './log-flaw.js';
import { isSignatureOf, isWronglySigned, keyIdOf } from './seal-signature.js';

/** Enough to see what happened; a file of garbage has one a line. */
const MOST_FLAWS = 100;

/** The order of an archive's parts: a line of an earlier part is out of place. */
const PLACES = { header: 0, log: 1, seals: 2, erasures: 3, manifest: 4, digest: 5 } as const;
type Place = keyof typeof PLACES;

const KINDS = new Map<unknown, Place>([
  ['archive', 'header'],
  ['stream', 'log'],
  ['event', 'log'],
  ['seal', 'seals'],
  ['end', 'seals'],
  ['erasure', 'erasures'],
  ['manifest', 'manifest'],
  ['digest', 'digest'],
]);
const ONCE: readonly Place[] = ['header', 'manifest', 'digest'];

const sectionOf = (place: Place): Section | null => SECTIONS.find((section) => section === place) ?? null;

/** Checks an archive line by line with nothing but its bytes: every flaw is named, nothing of the log is taken on trust. */
export class ArchiveCheck {
  private readonly log = new ExportCheck();
  private readonly sums = new ArchiveSums();
  private readonly flaws: ArchiveFlaw[] = [];
  private header: ArchiveHeader | null = null;
  private sealKey: KeyObject | null = null;
  private manifest: ArchiveManifest | null = null;
  private digest: ArchiveDigest | null = null;
  private place = -1;
  private line = 0;
  private low: bigint | null = null;
  private high: bigint | null = null;

  /** @param trusted whoever signed the archive has to be this one; null takes the key in the archive for what it says */
  constructor(private readonly trusted: KeyObject | null = null) {}

  /** The sequence numbers of the first and the last event; null before the first. */
  get sequences(): { readonly low: string; readonly high: string } | null {
    return this.low === null || this.high === null ? null : { low: this.low.toString(), high: this.high.toString() };
  }

  /** @param bytes a line without its end */
  add(bytes: Buffer): void {
    this.line += 1;
    const read = this.read(bytes);
    const place = read && KINDS.get(read['kind']);
    if (!place) {
      this.sums.add(null, bytes);
      this.note('line_unreadable');
      return;
    }
    this.enter(place);
    if (place === 'digest') this.checkDigest(bytes, read);
    this.sums.add(sectionOf(place), bytes);
    try {
      this.take(place, read);
    } catch {
      this.note('line_unreadable', sectionOf(place));
    }
  }

  /** The file ended inside a line. */
  cut(): void {
    this.note('archive_cut');
  }

  /** @param published heads of seals kept apart; what they name must be there */
  report(published: readonly SealTip[] = []): ArchiveReport {
    this.checkEnd();
    const { flaws: ofLog, ...log } = this.logReport(published);
    const flaws = [...this.flaws, ...ofLog];
    const { erasures, keys, destroyedKeys } = this.sums.manifest('').counts;
    return { ...log, archive: this.header?.id ?? null, erasures, keys, destroyedKeys, ...this.named(), verified: flaws.length === 0, flaws };
  }

  private named(): Pick<ArchiveReport, 'digest' | 'signed'> {
    return this.digest ? { digest: this.digest.sha256, signed: this.digest.signature !== null } : { digest: '', signed: false };
  }

  private checkEnd(): void {
    if (!this.header) this.note('header_missing');
    if (!this.digest) this.note('archive_cut');
    if (this.trusted) this.checkTrust(this.trusted);
  }

  private logReport(published: readonly SealTip[]): LogReport {
    try {
      return this.log.report(published);
    } catch {
      // The last stream is no stream; it is let go by the first attempt.
      this.note('line_unreadable', 'log');
      return this.log.report(published);
    }
  }

  private read(bytes: Buffer): JsonObject | null {
    try {
      const row: unknown = JSON.parse(bytes.toString('utf8'));
      return isJsonObject(row) ? row : null;
    } catch {
      return null;
    }
  }

  private enter(place: Place): void {
    const wanted = PLACES[place];
    if (wanted < this.place || (wanted === this.place && ONCE.includes(place))) this.note('line_out_of_place');
    if (place === 'digest' && !this.manifest) this.note('manifest_missing');
    this.place = Math.max(wanted, this.place);
  }

  private take(place: Place, row: JsonObject): void {
    if (place === 'header') this.takeHeader(row);
    else if (place === 'erasures') this.sums.count('erasures');
    else if (place === 'manifest') this.checkManifest(row as unknown as ArchiveManifest);
    else if (place !== 'digest') this.takeLog(readExportLine(row));
  }

  private takeHeader(row: JsonObject): void {
    this.header = readHeader(row);
    this.sealKey = this.header.publicKey === null ? null : createPublicKey(this.header.publicKey);
  }

  private takeLog(line: ExportLine): void {
    if (line.kind === 'event') this.noteSequence(BigInt(line.event.seq));
    if (line.kind === 'seal' && isWronglySigned(line.sealed.seal, this.sealKey)) this.note('seal_signature_wrong', 'seals');
    if (line.kind !== 'end') this.sums.count(`${line.kind}s`);
    if (line.kind === 'stream' || line.kind === 'event') this.sums.countKey(line.key);
    this.log.addLine(line);
  }

  private noteSequence(sequence: bigint): void {
    if (this.low === null || sequence < this.low) this.low = sequence;
    if (this.high === null || sequence > this.high) this.high = sequence;
  }

  private checkManifest(manifest: ArchiveManifest): void {
    this.manifest = manifest;
    if (manifest.archive !== this.header?.id) this.note('manifest_foreign');
    const found = this.sums.manifest(manifest.archive);
    for (const section of SECTIONS) if (found.sections[section] !== manifest.sections[section]) this.note('section_altered', section, null);
    if (COUNTS.some((name) => found.counts[name] !== manifest.counts[name])) this.note('counts_differ');
  }

  /** Compared as text: other spellings of the same values are other bytes. */
  private checkDigest(bytes: Buffer, row: JsonObject): void {
    const digest = row as unknown as ArchiveDigest;
    const sha256 = this.sums.digest();
    this.digest = { ...digest, sha256 };
    if (!bytes.equals(Buffer.from(digestLine({ ...digest, sha256 })))) this.note('digest_differs');
    const publicKey = this.sealKey;
    if ((digest.signature === null) !== (publicKey === null)) this.note('signature_wrong');
    if (!publicKey || typeof digest.signature !== 'string') return;
    const signature = Buffer.from(digest.signature, 'hex');
    const isOurs = signature.toString('hex') === digest.signature && digest.keyId === keyIdOf(publicKey);
    if (!isOurs || !isSignatureOf(publicKey, Buffer.from(sha256, 'hex'), signature)) this.note('signature_wrong');
  }

  private checkTrust(trusted: KeyObject): void {
    if (!this.sealKey) this.note('not_signed', null, null);
    else if (keyIdOf(this.sealKey) !== keyIdOf(trusted)) this.note('signed_by_another', null, null);
  }

  private note(flaw: ArchiveFlawKind, section: Section | null = null, line: number | null = this.line): void {
    if (this.flaws.length < MOST_FLAWS) this.flaws.push({ flaw, line, section });
  }
}
