import type { JsonObject } from '../core/json.js';
import type { LockHeader } from './archive-lock.js';

/** Rises when a reader of the older format would misread the newer one. */
export const ARCHIVE_FORMAT = 1;

/** Whose log it is, without a secret: the tenant is named by whoever imports it. */
export interface ArchivedAccount {
  /** Its number where it comes from. */
  readonly id: string;
  readonly environment: string;
  readonly allegroUserId: string;
  readonly login: string | null;
  readonly baseMarketplace: string | null;
}

/** The first line of an archive. */
export interface ArchiveHeader {
  readonly format: number;
  readonly id: string;
  readonly account: ArchivedAccount;
  /** The database cluster it was taken from, and the release of the service. */
  readonly source: { readonly system: string; readonly version: string };
  readonly takenAt: string;
  /** Null: the keys are not in the archive. */
  readonly lock: LockHeader | null;
  /** PEM; verifies seals and archive. Null where the installation signs nothing. */
  readonly publicKey: string | null;
}

/** That somebody was erased: nothing of it names them. */
export interface ArchivedErasure {
  readonly id: string;
  readonly until: string;
  readonly erasedAt: string;
  readonly orderIds: readonly string[];
}

/** The stretches of an archive, each with a hash of its own: what was changed is found in one of them. */
export const SECTIONS = ['header', 'log', 'seals', 'erasures'] as const;
export type Section = (typeof SECTIONS)[number];

/** What the archive holds, said behind all of it; the line after it signs. */
export interface ArchiveManifest {
  readonly archive: string;
  readonly counts: Readonly<Record<ArchiveCount, number>>;
  /** SHA-256 of each section's lines, in hex. */
  readonly sections: Readonly<Record<Section, string>>;
}

export const COUNTS = ['streams', 'events', 'seals', 'erasures', 'keys', 'destroyedKeys'] as const;
export type ArchiveCount = (typeof COUNTS)[number];

/** The last line: the hash of every byte before it. */
export interface ArchiveDigest {
  readonly sha256: string;
  /** Ed25519 over the hash, in hex; null where the installation signs nothing. */
  readonly signature: string | null;
  readonly keyId: string | null;
}

export const headerLine = (header: ArchiveHeader): string => JSON.stringify({ kind: 'archive', ...header });
export const erasureLine = (erasure: ArchivedErasure): string => JSON.stringify({ kind: 'erasure', ...erasure });
export const manifestLine = (manifest: ArchiveManifest): string => JSON.stringify({ kind: 'manifest', ...manifest });
export const digestLine = ({ sha256, signature, keyId }: ArchiveDigest): string => JSON.stringify({ kind: 'digest', sha256, signature, keyId });

const isText = (value: unknown): value is string => typeof value === 'string';

/** @throws when it is no header this release reads */
export function readHeader(row: JsonObject): ArchiveHeader {
  const header = row as unknown as ArchiveHeader;
  if (row['kind'] !== 'archive') throw new Error('the file does not begin like an archive');
  if (header.format !== ARCHIVE_FORMAT) throw new Error(`the archive has format ${String(header.format)}; this release reads ${String(ARCHIVE_FORMAT)}`);
  const account = header.account as ArchivedAccount | undefined;
  if (![header.id, account?.id, account?.environment, account?.allegroUserId].every(isText)) throw new Error('the header of the archive is incomplete');
  return header;
}
