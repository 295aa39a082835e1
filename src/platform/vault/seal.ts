import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { Secret } from '../../core/secret.js';

/** Key-encryption keys by id; new values are sealed under the current one, old ones only open. Each key: 32 bytes in base64. */
export interface MasterKeys {
  readonly currentId: string;
  readonly keys: ReadonlyMap<string, Secret>;
}

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

function keyBytes(masterKeys: MasterKeys, id: string): Buffer {
  const key = masterKeys.keys.get(id);
  if (!key) throw new Error(`the master key "${id}" is not configured`);
  return Buffer.from(key.reveal(), 'base64');
}

/** AES-256-GCM: iv, ciphertext and tag in one buffer. `aad` names what the value belongs to, so that it opens nowhere else. */
export function encrypt(key: Buffer, plain: Buffer, aad: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  // Node 24 takes four times as long to make a cipher of plain bytes as of a key object.
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), iv).setAAD(Buffer.from(aad));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws when the key, the bytes or the `aad` are not those of {@link encrypt}. */
export function decrypt(key: Buffer, sealed: Buffer, aad: string): Buffer {
  const tagStart = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), sealed.subarray(0, IV_BYTES)).setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(tagStart));
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, tagStart)), decipher.final()]);
}

/** Seals under the current master key; the key's id travels in front of the ciphertext. */
export function seal(masterKeys: MasterKeys, plain: Buffer | string, aad: string): Buffer {
  const id = Buffer.from(masterKeys.currentId);
  const body = encrypt(keyBytes(masterKeys, masterKeys.currentId), Buffer.from(plain), aad);
  return Buffer.concat([Buffer.from([FORMAT, id.length]), id, body]);
}

/** The id of the master key that sealed these bytes. */
export function sealedUnder(sealed: Buffer): string {
  const length = sealed[1] ?? 0;
  if (sealed[0] !== FORMAT || sealed.length < 2 + length + IV_BYTES + TAG_BYTES) throw new Error('these bytes were not sealed by this service');
  return sealed.subarray(2, 2 + length).toString();
}

/** @throws when the master key is not configured, or bytes or `aad` are not those of {@link seal}. */
export function open(masterKeys: MasterKeys, sealed: Buffer, aad: string): Buffer {
  const id = sealedUnder(sealed);
  return decrypt(keyBytes(masterKeys, id), sealed.subarray(2 + id.length), aad);
}
