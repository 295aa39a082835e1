import type { Principal } from './principal.js';

export type Claims = Readonly<Record<string, unknown>>;

/** Checks a compact JWS with the configured kind of key; the token's header never chooses. */
export abstract class TokenVerifier {
  /** @throws TokenRejected */
  abstract verify(token: string): Promise<Claims>;
}

export interface AuthenticatedRequest {
  principal?: Principal;
}
