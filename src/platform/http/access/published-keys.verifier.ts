import { errors, jwtVerify } from 'jose';
import type { Configuration } from '../../config/configuration.js';
import type { PublishedKeys } from './published-keys.js';
import { type RejectionReason, TokenRejected } from './rejection.js';
import { readTokenHeader } from './token-header.js';
import { type Claims, TokenVerifier } from './token-verifier.js';

const ALGORITHMS = ['RS256', 'ES256'];

const CLAIM_REASONS: Readonly<Record<string, RejectionReason>> = { iss: 'issuer', aud: 'audience', nbf: 'not_yet_valid' };

function reasonOf(error: unknown): RejectionReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_REASONS[error.claim] ?? 'claims';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'unknown_key';
  return 'malformed';
}

/** RS256 or ES256 with the keys the issuer publishes. */
export class PublishedKeysVerifier extends TokenVerifier {
  constructor(
    private readonly keys: PublishedKeys,
    private readonly expected: Pick<Configuration['access'], 'issuer' | 'audience'>,
  ) {
    super();
  }

  override async verify(token: string): Promise<Claims> {
    const header = readTokenHeader(token, ALGORITHMS);
    if (typeof header === 'string') throw new TokenRejected(header);
    const { issuer, audience } = this.expected;
    try {
      const { payload } = await jwtVerify(token, (protectedHeader) => this.keys.keyFor(protectedHeader), {
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        ...(issuer === null ? {} : { issuer }),
        ...(audience === null ? {} : { audience }),
      });
      return payload;
    } catch (error) {
      throw error instanceof TokenRejected ? error : new TokenRejected(reasonOf(error), error);
    }
  }
}
