import { timingSafeEqual } from 'node:crypto';
import type { JsonValue } from './json.js';

/** Bytes of the signature kept: 96 bits, guessed by nobody within the life of a cursor. */
const SIGNATURE_BYTES = 12;

/** Signs text with a key of the service; what the cursor is valid for (an account, a tenant) belongs to the key's purpose or to the text. */
export type Sign = (text: string) => Buffer;

/** An opaque place in a list that only this service can have written. */
export function writeCursor(place: JsonValue, sign: Sign): string {
  const text = Buffer.from(JSON.stringify(place)).toString('base64url');
  return `${text}.${sign(text).subarray(0, SIGNATURE_BYTES).toString('base64url')}`;
}

/** The place a cursor names; undefined when it was not written by us for the same purpose. */
export function readCursor(cursor: string, sign: Sign): JsonValue | undefined {
  const [text = '', signature = '', ...rest] = cursor.split('.');
  const given = Buffer.from(signature, 'base64url');
  // Decoding is lenient; a cursor has one spelling.
  if (rest.length > 0 || given.length !== SIGNATURE_BYTES || given.toString('base64url') !== signature) return undefined;
  if (!timingSafeEqual(given, sign(text).subarray(0, SIGNATURE_BYTES))) return undefined;
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as JsonValue;
}
