import { randomBytes, scrypt } from 'node:crypto';
import { decrypt, encrypt } from '../platform/vault/seal.js';

const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** OWASP's first choice for scrypt: 128 MiB and some 0.4 s a try. */
const COST = { cost: 2 ** 17, blockSize: 8, parallelization: 1 } as const;
/** A file asks for no more than this, whoever wrote it: 1 GiB. */
const MOST_MEMORY_BYTES = 2 ** 30;
/** What a passphrase is worth is its length; shorter ones are found by trying. */
const SHORTEST_PASSPHRASE = 12;

/** What the operator locks the keys of an archive with: a passphrase, or 32 bytes of their own. */
export type LockSecret = { readonly kind: 'passphrase'; readonly text: string } | { readonly kind: 'key'; readonly bytes: Buffer };

/** How the lock of an archive is opened; nothing in it is secret. */
export interface LockHeader {
  readonly method: 'scrypt' | 'key';
  readonly salt: string | null;
  readonly cost: number | null;
  readonly blockSize: number | null;
  readonly parallelization: number | null;
  /** Opens under the right secret alone. */
  readonly check: string;
}

const CHECK = 'the lock of this archive';

/** @throws when the secret is none that keeps anything */
export function readLockSecret(kind: LockSecret['kind'], text: string): LockSecret {
  const trimmed = text.replace(/\r?\n$/, '');
  if (kind === 'passphrase') {
    if (trimmed.length < SHORTEST_PASSPHRASE) throw new Error(`the passphrase has fewer than ${String(SHORTEST_PASSPHRASE)} characters`);
    return { kind, text: trimmed };
  }
  const bytes = Buffer.from(trimmed, 'base64');
  if (bytes.length !== KEY_BYTES) throw new Error('the key file does not hold 32 bytes in base64');
  return { kind, bytes };
}

const costsOf = ({ cost, blockSize, parallelization }: LockHeader) => ({
  cost: cost ?? COST.cost,
  blockSize: blockSize ?? COST.blockSize,
  parallelization: parallelization ?? COST.parallelization,
});

function derive(
  passphrase: string,
  salt: Buffer,
  { cost, blockSize, parallelization }: { cost: number; blockSize: number; parallelization: number },
): Promise<Buffer> {
  if (128 * cost * blockSize * parallelization > MOST_MEMORY_BYTES) throw new Error('the archive asks for more memory than a passphrase may cost');
  const options = { cost, blockSize, parallelization, maxmem: MOST_MEMORY_BYTES * 2 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Locks data keys into one archive: what is locked names archive and owner, and opens nowhere else. */
export class ArchiveLock {
  private constructor(
    private readonly key: Buffer,
    private readonly archiveId: string,
    readonly header: LockHeader,
  ) {}

  static async create(secret: LockSecret, archiveId: string): Promise<ArchiveLock> {
    const salt = randomBytes(SALT_BYTES);
    const key = secret.kind === 'key' ? secret.bytes : await derive(secret.text, salt, COST);
    const check = encrypt(key, Buffer.from(CHECK), `archive:${archiveId}`).toString('base64');
    const nothing = { salt: null, cost: null, blockSize: null, parallelization: null };
    const how = secret.kind === 'key' ? { method: 'key' as const, ...nothing } : { method: 'scrypt' as const, salt: salt.toString('base64'), ...COST };
    return new ArchiveLock(key, archiveId, { ...how, check });
  }

  /** @throws when the secret is not the one the archive was locked with */
  static async open(secret: LockSecret, archiveId: string, header: LockHeader): Promise<ArchiveLock> {
    const wanted = header.method === 'key' ? 'key file' : 'passphrase';
    if ((secret.kind === 'key') !== (header.method === 'key')) throw new Error(`the archive was locked with a ${wanted}`);
    const key = secret.kind === 'key' ? secret.bytes : await derive(secret.text, Buffer.from(header.salt ?? '', 'base64'), costsOf(header));
    try {
      decrypt(key, Buffer.from(header.check, 'base64'), `archive:${archiveId}`);
    } catch (error) {
      throw new Error(`the archive was locked with another ${wanted}`, { cause: error });
    }
    return new ArchiveLock(key, archiveId, header);
  }

  /** @param sealedFor the account that what is sealed under the key names */
  seal(sealedFor: string, owner: string, key: Buffer): string {
    return encrypt(this.key, key, this.aad(sealedFor, owner)).toString('base64');
  }

  /** @throws when it was not sealed for this archive, account and owner */
  unseal(sealedFor: string, owner: string, sealed: string): Buffer {
    return decrypt(this.key, Buffer.from(sealed, 'base64'), this.aad(sealedFor, owner));
  }

  private aad(sealedFor: string, owner: string): string {
    return `archive:${this.archiveId}:${sealedFor}:${owner}`;
  }
}
