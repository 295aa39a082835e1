import { createLocalJWKSet, errors, type JWSHeaderParameters, type JSONWebKeySet } from 'jose';
import { TokenRejected } from './rejection.js';

export type KeySet = ReturnType<typeof createLocalJWKSet>;
export type VerificationKey = Awaited<ReturnType<KeySet>>;

export interface PublishedKeysOptions {
  /** Fetches the key set; rejects within a few seconds when the issuer does not answer properly. */
  readonly fetchKeys: () => Promise<JSONWebKeySet>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Told about each fetch that failed. */
  readonly onFailure: (error: unknown) => void;
}

/** A key the issuer withdrew is refused after at most ten minutes, and so is every key when the issuer stays away. */
const MAX_AGE_MS = 600_000;
/** Renewed in the background at half of that, so that nobody waits for it. */
const REFRESH_AFTER_MS = 300_000;
/** Unknown key ids and failures ask the issuer at most this often: strangers must not make us hammer it. */
const COOL_DOWN_MS = 10_000;

/** The issuer's keys: cached, renewed behind the callers' backs, never open when the issuer is away. */
export class PublishedKeys {
  private keys: { readonly set: KeySet; readonly fetchedAt: number } | null = null;
  private lastAttemptAt = Number.NEGATIVE_INFINITY;
  private pending: Promise<void> | null = null;

  constructor(private readonly options: PublishedKeysOptions) {}

  /** @throws TokenRejected `unknown_key` or `keys_unavailable` */
  async keyFor(header: JWSHeaderParameters): Promise<VerificationKey> {
    if (this.ageMs() >= MAX_AGE_MS) await this.refresh();
    else if (this.ageMs() >= REFRESH_AFTER_MS) void this.refresh();
    const known = await this.find(header);
    if (known !== null) return known;
    await this.refresh();
    const found = await this.find(header);
    if (found === null) throw new TokenRejected('unknown_key');
    return found;
  }

  private ageMs(): number {
    return this.keys === null ? Number.POSITIVE_INFINITY : this.options.now() - this.keys.fetchedAt;
  }

  private async find(header: JWSHeaderParameters): Promise<VerificationKey | null> {
    if (this.keys === null || this.ageMs() >= MAX_AGE_MS) throw new TokenRejected('keys_unavailable');
    try {
      return await this.keys.set(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return null;
      throw error;
    }
  }

  /** One fetch at a time, and none within the cool-down; never rejects. */
  private async refresh(): Promise<void> {
    const now = this.options.now();
    if (this.pending === null && now - this.lastAttemptAt >= COOL_DOWN_MS) {
      this.lastAttemptAt = now;
      this.pending = this.fetch().finally(() => {
        this.pending = null;
      });
    }
    await this.pending;
  }

  private async fetch(): Promise<void> {
    try {
      const set = createLocalJWKSet(await this.options.fetchKeys());
      this.keys = { set, fetchedAt: this.options.now() };
    } catch (error) {
      this.options.onFailure(error);
    }
  }
}
