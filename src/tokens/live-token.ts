import type { Secret } from '../core/secret.js';

/** A pair that may be used now. */
export interface LiveToken {
  readonly tokenId: string;
  readonly generation: string;
  readonly accessToken: Secret;
  /** True when this very call fetched it from Allegro. */
  readonly fresh: boolean;
}
