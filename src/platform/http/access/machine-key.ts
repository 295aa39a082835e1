import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Secret } from '../../../core/secret.js';

/** `aolk_<id>_<secret><proof><checksum>`: fixed, so that scanners of repositories and logs find a key. */
const PREFIX = 'aolk_';
const SHAPE = /^aolk_([0-9a-f]{32})_[0-9a-f]{40}[0-9a-f]{16}[0-9a-f]{8}$/;
/** 160 bits: nobody guesses them. */
const SECRET_BYTES = 20;
/** 64 bits under the pepper: a key nobody here made is refused without asking the database. */
const PROOF_DIGITS = 16;
const CHECKSUM_DIGITS = 8;

const keyed = (purpose: string, text: string, pepper: Buffer): Buffer => createHmac('sha256', pepper).update(purpose).update('\0').update(text).digest();
const proofOf = (text: string, pepper: Buffer): string => keyed('machine-key-proof', text, pepper).toString('hex').slice(0, PROOF_DIGITS);
const checksumOf = (text: string): string => crc32(text).toString(16).padStart(CHECKSUM_DIGITS, '0');

const isEqual = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** Whether the text looks like a machine key, valid or not; a JWT never does. */
export function isMachineKey(text: string): boolean {
  return SHAPE.test(text);
}

/** The part of a key that may be shown: whose it is, and nothing of its secret. */
export function visiblePartOf(id: string): string {
  return PREFIX + id.replaceAll('-', '');
}

/** A new secret for the key of this id (a UUID). */
export function makeMachineKey(id: string, pepper: Buffer): Secret {
  const text = `${visiblePartOf(id)}_${randomBytes(SECRET_BYTES).toString('hex')}`;
  const proven = text + proofOf(text, pepper);
  return new Secret(proven + checksumOf(proven));
}

/** The id (a UUID) of a key that was made under this pepper; null: mistyped, or made by somebody else. */
export function idOfMachineKey(text: string, pepper: Buffer): string | null {
  const id = SHAPE.exec(text)?.[1];
  const proven = text.slice(0, -CHECKSUM_DIGITS);
  if (id === undefined || !isEqual(checksumOf(proven), text.slice(-CHECKSUM_DIGITS))) return null;
  const unproven = proven.slice(0, -PROOF_DIGITS);
  if (!isEqual(proofOf(unproven, pepper), proven.slice(-PROOF_DIGITS))) return null;
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** What is stored of a key: HMAC-SHA256 under the pepper. */
export function hashOfMachineKey(text: string, pepper: Buffer): Buffer {
  return keyed('machine-key', text, pepper);
}
