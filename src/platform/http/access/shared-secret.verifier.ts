import { createSecretKey } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { Configuration } from '../../config/configuration.js';
import type { Secret } from '../../../core/secret.js';
import { type RejectionReason, TokenRejected } from './rejection.js';
import { readTokenHeader } from './token-header.js';
import { type Claims, TokenVerifier } from './token-verifier.js';

const ALGORITHMS = ['HS256' as const];

function reasonOf(error: unknown): RejectionReason {
  const { name, message } = error as Error;
  if (name === 'TokenExpiredError') return 'expired';
  if (name === 'NotBeforeError') return 'not_yet_valid';
  if (message.startsWith('jwt issuer')) return 'issuer';
  if (message.startsWith('jwt audience')) return 'audience';
  return message === 'invalid signature' ? 'signature' : 'claims';
}

/** HS256 with the secret both sides know. */
export class SharedSecretVerifier extends TokenVerifier {
  private readonly jwt: JwtService;

  constructor(
    secret: Secret,
    private readonly expected: Pick<Configuration['access'], 'issuer' | 'audience'>,
  ) {
    super();
    // As a key object: of a text the library tries for every token whether it is a public key.
    this.jwt = new JwtService({ secret: createSecretKey(Buffer.from(secret.reveal())) });
  }

  override async verify(token: string): Promise<Claims> {
    const header = readTokenHeader(token, ALGORITHMS);
    if (typeof header === 'string') throw new TokenRejected(header);
    const claims = await this.check(token);
    if (typeof claims !== 'object' || Array.isArray(claims)) throw new TokenRejected('claims');
    // The library checks `exp` only where it is; a token without one would be valid for ever.
    const { exp } = claims;
    if (typeof exp !== 'number') throw new TokenRejected('claims');
    return claims;
  }

  private async check(token: string): Promise<Claims> {
    const { issuer, audience } = this.expected;
    try {
      return await this.jwt.verifyAsync<Record<string, unknown>>(token, {
        algorithms: [...ALGORITHMS],
        ...(issuer === null ? {} : { issuer }),
        ...(audience === null ? {} : { audience }),
      });
    } catch (error) {
      throw new TokenRejected(reasonOf(error), error);
    }
  }
}
