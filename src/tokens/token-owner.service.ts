import { Injectable } from '@nestjs/common';
import type { Secret } from '../core/secret.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { AccountChanges } from './account-changes.service.js';
import { type Activation, activationOf } from './activation.js';
import { isNameTaken } from './names.store.js';
import { PairCheck } from './pair-check.service.js';
import { PairVault, type SealedPair, tokenOwner } from './pair-vault.service.js';
import { replacePair } from './token-pairs.store.js';
import { accountMismatch, accountNameTaken, changeConflict, needsReauth, pairRefused } from './tokens.errors.js';
import type { LinkedToken } from './tokens.read-model.js';
import { isNameHeld, patchToken } from './tokens.store.js';

/** What an owner may change of a token. */
export interface TokenUpdate {
  readonly accountName: string | undefined;
  readonly accessToken: Secret | undefined;
  readonly refreshToken: Secret | undefined;
  readonly expiresAt: Date | undefined;
  readonly active: boolean | undefined;
}

/** What is written at once: columns, a checked pair, the token as it was read. */
interface Writing {
  readonly token: LinkedToken;
  readonly update: TokenUpdate;
  readonly pair: SealedPair | null;
}

/** How long a handed-in pair is taken to live when its owner does not say: what Allegro gives. */
const USUAL_LIFE_MS = 43_199_000;

/** Changes an owner makes to a token: name, pair, on and off. */
@Injectable()
export class TokenOwner {
  constructor(
    private readonly database: Database,
    private readonly changes: AccountChanges,
    private readonly checks: PairCheck,
    private readonly vault: PairVault,
  ) {}

  /**
   * @throws Problem ACCOUNT_NAME_TAKEN before Allegro is asked, ACCOUNT_MISMATCH when the pair is another seller's,
   *   TOKEN_REFUSED (422) for a pair Allegro does not accept or half a pair, TOKEN_NEEDS_REAUTH
   */
  async update(token: LinkedToken, update: TokenUpdate, actor: string): Promise<void> {
    await this.assertNameFree(token, update);
    const pair = await this.checkedPair(token, update);
    const activation = activationOf({ state: token.state, active: update.active, withPair: pair !== null });
    if (activation.kind === 'needs_pair') throw needsReauth();
    try {
      await this.carryOut({ token, update, pair }, activation, actor);
    } catch (error) {
      throw isNameTaken(error) ? accountNameTaken(update.accountName ?? token.accountName) : error;
    }
  }

  /** Deactivates; orders, events and the sealed pair stay. Again is no error. */
  async deactivate(token: LinkedToken, actor: string): Promise<void> {
    const { id: tokenId, account } = token;
    await this.changes.apply({ accountId: account.id, tokenId, to: 'deactivated', reason: 'deactivated_by_owner', actor });
  }

  private async carryOut(writing: Writing, activation: Exclude<Activation, { kind: 'needs_pair' }>, actor: string): Promise<void> {
    const { token, update, pair } = writing;
    if (activation.kind === 'none') return this.database.transaction(async (tx) => this.write(tx, writing));
    const change = { accountId: token.account.id, tokenId: token.id, to: activation.to, reason: activation.reason, actor };
    const { accountName, expiresAt } = update;
    const work = async (tx: Transaction): Promise<void> => patchToken(tx, token.id, { expiresAt: pair ? undefined : expiresAt });
    const extras = { work, ...(pair ? { pair } : {}), ...(accountName === undefined ? {} : { accountName }) };
    if (!(await this.changes.apply(change, extras))) throw changeConflict();
  }

  private async write(tx: Transaction, { token, update, pair }: Writing): Promise<void> {
    const at = { tokenId: token.id, generation: token.generation };
    if (pair && !(await replacePair(tx, at, pair))) throw changeConflict();
    // The life of a checked pair is written with the pair.
    await patchToken(tx, token.id, { accountName: update.accountName, expiresAt: pair ? undefined : update.expiresAt });
  }

  private async assertNameFree(token: LinkedToken, update: TokenUpdate): Promise<void> {
    const accountName = update.accountName ?? token.accountName;
    if (update.accountName === undefined && update.active !== true) return;
    const held = await this.database.transaction(async (tx) => isNameHeld(tx, token, accountName));
    if (held) throw accountNameTaken(accountName);
  }

  private async checkedPair(token: LinkedToken, update: TokenUpdate): Promise<SealedPair | null> {
    const { accessToken, refreshToken } = update;
    if (!accessToken && !refreshToken) return null;
    if (!accessToken || !refreshToken) throw pairRefused('allegro_token and refresh_token belong together: give both.');
    const expiresAt = update.expiresAt ?? new Date(Date.now() + USUAL_LIFE_MS);
    const { pair, seller } = await this.checks.check({ accessToken, refreshToken, expiresAt }, `account:${token.account.id}`);
    if (seller.id !== token.account.allegroUserId) throw accountMismatch(token.accountName);
    return this.vault.sealPair(tokenOwner(token.id), pair);
  }
}
