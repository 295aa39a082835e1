import { createHmac, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { Database } from '../../database/database.js';
import type { ForgottenBuyer } from '../../erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../../erasure/holders-of-copies.js';
import { RetentionRules } from '../../retention/retention-rules.js';
import { open, seal } from '../../vault/seal.js';
import { answerForgotten, keyInFlight, keyReused } from './idempotency.errors.js';
import { type CallKey, findKey, forgetAnswer, freeKey, keptAnswers, removeKeys, storeAnswer, type StoredCall, takeKey } from './idempotency.store.js';

/** Twice the time in which a request is answered or given up; then a crashed process's key is free again. */
const LEASE_SECONDS = 60;
/** Whoever asks in between is told to come back soon: most requests take less. */
const IN_FLIGHT_SECONDS = 1;
/** The contract's promise. */
const KEPT_DAYS = 1;
/** Ten times the largest answer to a POST. */
const LARGEST_ANSWER_BYTES = 262_144;
/** Answers looked through at once when a buyer is forgotten. */
const PAGE = 200;

/** What was answered to the first request. */
export interface Answered {
  readonly status: number;
  readonly value: unknown;
}

export interface Begun {
  readonly call: CallKey;
  readonly owner: string;
}

/** Answers by Idempotency-Key, sealed, for a day. */
@Injectable()
export class IdempotentAnswers {
  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly database: Database,
    holders: HoldersOfCopies,
    rules: RetentionRules,
  ) {
    holders.register({ name: 'idempotent_answers', forget: (buyer) => this.forget(buyer) });
    rules.register({ name: 'idempotency_keys', days: KEPT_DAYS, remove: removeKeys });
  }

  /**
   * Begins a request, or answers what it was answered before.
   * @param content all that makes the request what it is; another one under the same key is refused
   * @throws Problem IDEMPOTENCY_KEY_REUSED (422), IDEMPOTENCY_KEY_IN_FLIGHT (409, retry later), IDEMPOTENT_ANSWER_FORGOTTEN (409)
   */
  async begin(call: CallKey, content: string): Promise<Begun | Answered> {
    // Keyed: bodies hold short secrets that a plain hash would give away.
    const fingerprint = createHmac('sha256', Buffer.from(this.config.hashPepper.reveal(), 'base64')).update(content).digest();
    const owner = randomUUID();
    const stored = await this.database.transaction(async (tx) => {
      const isOurs = await takeKey(tx, call, { fingerprint, owner, leaseSeconds: LEASE_SECONDS });
      return isOurs ? null : await findKey(tx, call);
    });
    if (stored === null) return { call, owner };
    // Freed between the two looks.
    if (!stored) throw keyInFlight(IN_FLIGHT_SECONDS);
    return this.answered(call, stored, fingerprint);
  }

  /** Stores the answer of a request that was begun; of one that shows a secret only that it was given. */
  async finish({ call, owner }: Begun, { status, value }: Answered, isSecret: boolean): Promise<void> {
    const text = JSON.stringify({ value });
    const answer = isSecret || Buffer.byteLength(text) > LARGEST_ANSWER_BYTES ? null : seal(this.config.masterKeys, text, purpose(call));
    await this.database.transaction((tx) => storeAnswer(tx, call, { owner, status, answer }));
  }

  /** Frees the key of a request that failed: the next one with it is a first one. */
  async abandon({ call, owner }: Begun): Promise<void> {
    await this.database.transaction((tx) => freeKey(tx, call, owner));
  }

  private answered(call: CallKey, { fingerprint, status, answer }: StoredCall, asked: Buffer): Answered {
    if (!fingerprint.equals(asked)) throw keyReused();
    if (status === null) throw keyInFlight(IN_FLIGHT_SECONDS);
    if (answer === null) throw answerForgotten();
    return { status, value: this.valueOf(call, answer) };
  }

  private valueOf(call: CallKey, answer: Buffer): unknown {
    return (JSON.parse(open(this.config.masterKeys, answer, purpose(call)).toString()) as { value?: unknown }).value;
  }

  private async forget(buyer: ForgottenBuyer): Promise<number> {
    let cleaned = 0;
    let after: CallKey | undefined = { tenantId: buyer.tenantId, actor: '', key: '' };
    while (after) after = await this.forgetPage(buyer, after, () => (cleaned += 1));
    return cleaned;
  }

  private async forgetPage(buyer: ForgottenBuyer, after: CallKey, onCleaned: () => void): Promise<CallKey | undefined> {
    return this.database.transaction(async (tx) => {
      const page = await keptAnswers(tx, after, PAGE);
      for (const kept of page) {
        const text = JSON.stringify(this.valueOf(kept, kept.answer) ?? null);
        if (!buyer.isNamedIn(text) && !buyer.orderIds.some((orderId) => text.includes(orderId))) continue;
        await forgetAnswer(tx, kept);
        onCleaned();
      }
      return page.length === PAGE ? page.at(-1) : undefined;
    });
  }
}

const purpose = ({ tenantId, actor, key }: CallKey) => `idempotency:${JSON.stringify([tenantId, actor, key])}`;
