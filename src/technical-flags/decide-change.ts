import type { Problem } from '../core/problem.js';
import { checkClaims, type LiveClaim, type ShownClaim } from './claim-check.js';
import { claimLost, orderClaimed } from './claims.errors.js';
import { decideFlags, type FlagCommand, type FlagDecision, isRepetition } from './decide-flags.js';
import { flagsChanged, idempotencyKeyReused, invoiceIdTaken } from './flags.errors.js';
import { type FlagsState, INVOICE_SET } from './flags.events.js';
import { flagsEtag, isMatch } from './flags-etag.js';

/** One flag to set, and the key under which the log recognises the same command again. */
export interface KeyedCommand {
  readonly command: FlagCommand;
  readonly dedupKey: string;
}

/** What somebody wants of one order: applied whole or not at all. */
export interface FlagChange {
  readonly orderId: string;
  readonly commands: readonly KeyedCommand[];
  /** The `If-Match` of the caller; null: whatever the flags are. */
  readonly ifMatch: string | null;
  readonly claim: ShownClaim | null;
}

/** What is known of the order, all of the same transaction. */
export interface ChangeFacts {
  readonly state: FlagsState;
  /** What commands with these keys once appended, by key. */
  readonly recorded: ReadonlyMap<string, FlagDecision>;
  readonly claims: readonly LiveClaim[];
  /** The orders of the account that have the wanted invoice ids. */
  readonly invoiceOwners: ReadonlyMap<string, string>;
  readonly now: Date;
}

export type KeyedDecision = FlagDecision & { readonly dedupKey: string };
/** The events to append (none: the flags say so already), or why nothing is done. */
export type Verdict = { readonly events: readonly KeyedDecision[]; readonly refusal?: never } | { readonly refusal: Problem; readonly events?: never };

/** A repetition is recognised before anything else: its first try has changed the flags and given the claim back since. */
export function decideChange(facts: ChangeFacts, change: FlagChange): Verdict {
  const known = change.commands.filter(({ dedupKey }) => facts.recorded.has(dedupKey));
  if (known.length > 0) return known.every((command) => isRecorded(facts, command)) ? { events: [] } : { refusal: idempotencyKeyReused() };
  const etag = flagsEtag(change.orderId, facts.state);
  if (!isMatch(change.ifMatch, etag)) return { refusal: flagsChanged(etag) };
  const hindrance = hindranceOf(facts, change);
  if (hindrance !== null) return { refusal: hindrance };
  const events = change.commands.flatMap(({ command, dedupKey }) => {
    const decision = decideFlags(facts.state, command);
    return decision === null ? [] : [{ ...decision, dedupKey }];
  });
  const owner = otherOwner(facts, change, events);
  return owner === undefined ? { events } : { refusal: invoiceIdTaken(owner) };
}

/** The invoice id an order would have after these events, where one of them sets it. */
export function wantedInvoiceId(events: readonly FlagDecision[]): string | null {
  const id = events.find(({ type }) => type === INVOICE_SET)?.payload['invoice_id'];
  return typeof id === 'string' ? id : null;
}

function isRecorded({ recorded }: ChangeFacts, { command, dedupKey }: KeyedCommand): boolean {
  const decision = recorded.get(dedupKey);
  return decision !== undefined && isRepetition(command, decision);
}

function hindranceOf({ claims, now }: ChangeFacts, { commands, claim }: FlagChange): Problem | null {
  const purposes = commands.map(({ command }) => command.kind);
  const found = checkClaims(claims, purposes, claim);
  if (found === 'free') return null;
  return found === 'lost' ? claimLost() : claimedProblem(found, now);
}

/** The refusal for everybody but the holder of a claim, with the seconds until it expires. */
export function claimedProblem({ purpose, expiresAt }: Pick<LiveClaim, 'purpose' | 'expiresAt'>, now: Date): Problem {
  return orderClaimed(purpose, expiresAt, Math.max(1, Math.ceil((Date.parse(expiresAt) - now.getTime()) / 1_000)));
}

function otherOwner({ invoiceOwners }: ChangeFacts, { orderId }: FlagChange, events: readonly FlagDecision[]): string | undefined {
  const id = wantedInvoiceId(events);
  const owner = id === null ? undefined : invoiceOwners.get(id);
  return owner === orderId ? undefined : owner;
}
