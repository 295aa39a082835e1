import type { Announcement, NewEvent } from '../platform/event-log/events.js';
import { chooseLeader, type LeaderCandidate } from './choose-leader.js';
import { mayChange, type TokenChangeReason, type TokenState } from './token-state.js';

/** A wished change of a token's state. */
export interface TokenChange {
  readonly accountId: string;
  readonly tokenId: string;
  readonly to: TokenState;
  readonly reason: TokenChangeReason;
  /** Who caused it, as the event tells. */
  readonly actor: string;
  /** The change holds only while the token is at this generation, and under this lease where one is named. */
  readonly expect?: { readonly generation: string; readonly leaseId?: string };
}

export interface AccountToken extends LeaderCandidate {
  readonly generation: string;
  readonly leaseId: string | null;
}

/** An account with its tokens (and the one about to join it), as read before the change. */
export interface AccountView {
  readonly tenantId: string;
  readonly environment: string;
  readonly allegroUserId: string;
  readonly leadTokenId: string | null;
  /** Rises with every change of state of any token of the account: the changes of one account happen one after another. */
  readonly leadGeneration: string;
  readonly tokens: readonly AccountToken[];
}

export interface ChangePlan {
  readonly from: TokenState;
  readonly leaderBefore: string | null;
  readonly leaderAfter: string | null;
  readonly events: readonly NewEvent[];
  /** What consumers are told; null for what concerns nobody outside. */
  readonly announce: Announcement | null;
}

const EVENT_TYPES: Readonly<Record<TokenChangeReason, string | null>> = {
  linked: 'account.linked',
  relinked: 'account.recovered',
  reactivated: 'account.recovered',
  late_answer: 'account.recovered',
  refresh_refused: 'account.needs_reauth',
  access_refused: 'account.needs_reauth',
  deactivated_by_owner: 'account.token_deactivated',
  link_abandoned: null,
};

/** Events consumers are told of, by their own names. */
const ANNOUNCED = new Set(['account.needs_reauth', 'account.recovered']);

function announcement(change: TokenChange): Announcement | null {
  const type = EVENT_TYPES[change.reason];
  return type !== null && ANNOUNCED.has(type) ? { topics: [type], changed: ['state'] } : null;
}

function stillExpected(token: AccountToken, expect: TokenChange['expect']): boolean {
  if (!expect) return true;
  return token.generation === expect.generation && (expect.leaseId === undefined || token.leaseId === expect.leaseId);
}

/** The change as events and a leader; null when the token is not (or no longer) where the change starts from. */
export function planTokenChange(view: AccountView, change: TokenChange, now: Date): ChangePlan | null {
  const token = view.tokens.find((one) => one.id === change.tokenId);
  if (!token || !mayChange(token.state, change.to, change.reason) || !stillExpected(token, change.expect)) return null;
  const after = view.tokens.map((one) => (one.id === change.tokenId ? { ...one, state: change.to } : one));
  const leaderAfter = chooseLeader(after, view.leadTokenId);
  const leaderBefore = view.leadTokenId;
  return { from: token.state, leaderBefore, leaderAfter, events: eventsOf(view, change, { leaderAfter, now }), announce: announcement(change) };
}

function eventsOf(view: AccountView, change: TokenChange, outcome: { leaderAfter: string | null; now: Date }): NewEvent[] {
  const step = BigInt(view.leadGeneration) + 1n;
  const event = (type: string, key: string, payload: NewEvent['payload']): NewEvent => ({
    type,
    source: 'service',
    dedupKey: `${key}:${step}`,
    occurredAt: outcome.now,
    observedAt: outcome.now,
    payload,
    actor: change.actor,
  });
  const seller = { token_id: change.tokenId, reason: change.reason, allegro_user_id: view.allegroUserId, environment: view.environment };
  const type = EVENT_TYPES[change.reason];
  const events = type === null ? [] : [event(type, 'token', seller)];
  if (outcome.leaderAfter !== view.leadTokenId) {
    events.push(event('account.lead_changed', 'lead', { from_token_id: view.leadTokenId, to_token_id: outcome.leaderAfter, reason: change.reason }));
  }
  return events;
}
