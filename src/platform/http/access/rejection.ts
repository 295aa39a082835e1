/** Why a caller was turned away: the label of the metric, never part of the answer. */
export type RejectionReason =
  | 'missing'
  | 'repeated'
  | 'malformed'
  | 'algorithm'
  | 'critical_header'
  | 'signature'
  | 'expired'
  | 'not_yet_valid'
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'tenant'
  | 'unknown_key'
  | 'keys_unavailable'
  | 'machine_key'
  | 'scope'
  | 'role'
  | 'no_reason';

/** A token that proves nothing. Carries the reason for the metric; the answer says no more than it must. */
export class TokenRejected extends Error {
  constructor(
    readonly reason: RejectionReason,
    cause?: unknown,
  ) {
    super(`the token was rejected: ${reason}`, { cause });
    this.name = 'TokenRejected';
  }
}
