import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';

/** One erasure in the list outside the database. Nothing in it names a buyer: `references` are keyed hashes, in hex. */
export interface ListEntry {
  readonly erasure: string;
  readonly account: string;
  readonly tenant: string;
  /** Keyed hash of who the account is: an account that was connected anew to an empty database may have another's number. */
  readonly seller: string;
  readonly until: string;
  readonly by: string;
  readonly reason: string;
  readonly references: readonly string[];
  readonly orders: readonly string[];
}

export type ReadLine = { readonly kind: 'entry'; readonly entry: ListEntry } | { readonly kind: 'torn' } | { readonly kind: 'forged' };

/** HMAC of a text, in hex: who may write to the file may not have somebody erased. */
export type Sign = (text: string) => string;

const ordered = (entry: ListEntry): string =>
  JSON.stringify([entry.erasure, entry.account, entry.tenant, entry.seller, entry.until, entry.by, entry.reason, entry.references, entry.orders]);

/** An entry as it is appended, its line break included. */
export function listLine(entry: ListEntry, sign: Sign): string {
  return `${JSON.stringify({ ...entry, mac: sign(ordered(entry)) })}\n`;
}

/** Reads a line back; one that a crash cut short is torn, one whose signature is not ours is forged (or the pepper is another). */
export function readLine(line: string, sign: Sign): ReadLine {
  const value = parsed(line);
  if (!isJsonObject(value)) return { kind: 'torn' };
  const entry = entryOf(value);
  return entry && value['mac'] === sign(ordered(entry)) ? { kind: 'entry', entry } : { kind: 'forged' };
}

function parsed(line: string): JsonValue {
  try {
    return JSON.parse(line) as JsonValue;
  } catch {
    return null;
  }
}

const TEXTS = ['erasure', 'account', 'tenant', 'seller', 'until', 'by', 'reason'] as const;
const isTexts = (value: JsonValue | undefined): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

function entryOf(value: JsonObject): ListEntry | null {
  if (!TEXTS.every((key) => typeof value[key] === 'string') || !isTexts(value['references']) || !isTexts(value['orders'])) return null;
  const { erasure, account, tenant, seller, until, by, reason, references, orders } = value as unknown as ListEntry;
  return { erasure, account, tenant, seller, until, by, reason, references, orders };
}
