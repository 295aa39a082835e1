import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Secret } from '../core/secret.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { scopeMissing } from '../platform/http/access/access.errors.js';
import { appendAuditEntry } from '../platform/http/access/audit.store.js';
import { type KeyScope, PERSONAL_DATA } from '../platform/http/access/key-scopes.js';
import { hashOfMachineKey, makeMachineKey } from '../platform/http/access/machine-key.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { RetentionRules } from '../platform/retention/retention-rules.js';
import { keyEnded, keyNotFound, tooManyKeys } from './machine-keys.errors.js';
import { type MachineKey, MachineKeysReadModel } from './machine-keys.read-model.js';
import { addKey, MOST_LIVE_KEYS, removeEndedKeys, revokeKey, rotateKey } from './machine-keys.store.js';

/** A key nobody renews for a year is one nobody looks after. */
export const LONGEST_LIFE_DAYS = 366;
const DAY_MS = 86_400_000;
/** The audit trail and the history of flags name a key by its id: what it was is kept a year beyond its end. */
const KEPT_DAYS = 366;

export interface WantedKey {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly expiresAt: Date;
}

/** Machine keys of a tenant: made, rotated, revoked, each with its entry in the audit trail. */
@Injectable()
export class MachineKeys {
  private readonly pepper: Buffer;

  constructor(
    @Inject(CONFIGURATION) { hashPepper }: Configuration,
    private readonly database: Database,
    private readonly keys: MachineKeysReadModel,
    rules: RetentionRules,
  ) {
    this.pepper = Buffer.from(hashPepper.reveal(), 'base64');
    rules.register({ name: 'machine_keys', days: KEPT_DAYS, remove: removeEndedKeys });
  }

  /** @throws Problem MACHINE_KEY_NOT_FOUND (404) */
  async find({ tenantId }: TenantScope, id: string): Promise<MachineKey> {
    const key = await this.keys.find(tenantId, id);
    if (!key) throw keyNotFound();
    return key;
  }

  /** @returns its id and the key itself, which nobody is shown again. @throws Problem VALIDATION_FAILED, SCOPE_MISSING, MACHINE_KEY_LIMIT_REACHED */
  async create(scope: TenantScope, wanted: WantedKey): Promise<{ id: string; secret: Secret }> {
    refuseLife(wanted.expiresAt);
    refuseMoreThanOwn(scope, wanted.scopes);
    const id = randomUUID();
    const secret = makeMachineKey(id, this.pepper);
    const key = { ...wanted, id, tenantId: scope.tenantId, hash: this.hashOf(secret), createdBy: scope.actor };
    await this.database.transaction(async (tx) => {
      if (!(await addKey(tx, key))) throw tooManyKeys(MOST_LIVE_KEYS);
      await note(tx, scope, 'machine_key.create', id);
    });
    return { id, secret };
  }

  /** A new secret of the same key; the one of so far is taken for the overlap too. @throws Problem MACHINE_KEY_NOT_FOUND, MACHINE_KEY_ENDED, SCOPE_MISSING */
  async rotate(scope: TenantScope, id: string, wanted: { overlapHours: number; expiresAt: Date | null }): Promise<Secret> {
    if (wanted.expiresAt) refuseLife(wanted.expiresAt);
    // Who is shown the new secret can do what the key can.
    refuseMoreThanOwn(scope, (await this.find(scope, id)).scopes);
    const secret = makeMachineKey(id, this.pepper);
    await this.database.transaction(async (tx) => {
      if (!(await rotateKey(tx, scope.tenantId, id, { ...wanted, hash: this.hashOf(secret) }))) throw keyEnded();
      await note(tx, scope, 'machine_key.rotate', id);
    });
    return secret;
  }

  /** From the next request on nobody takes it, in whichever process; revoking it again changes nothing. @throws Problem MACHINE_KEY_NOT_FOUND */
  async revoke(scope: TenantScope, id: string): Promise<void> {
    await this.find(scope, id);
    await this.database.transaction(async (tx) => {
      if (await revokeKey(tx, scope.tenantId, id, scope.actor)) await note(tx, scope, 'machine_key.revoke', id);
    });
  }

  private hashOf(secret: Secret): Buffer {
    return hashOfMachineKey(secret.reveal(), this.pepper);
  }
}

function refuseLife(expiresAt: Date): void {
  const lifeMs = expiresAt.getTime() - Date.now();
  if (lifeMs > 0 && lifeMs <= LONGEST_LIFE_DAYS * DAY_MS) return;
  throw validationFailed([{ field: 'expires_at', message: `must be in the future and within ${String(LONGEST_LIFE_DAYS)} days` }]);
}

function refuseMoreThanOwn({ seesPersonalData }: TenantScope, scopes: readonly string[]): void {
  if (scopes.includes(PERSONAL_DATA) && !seesPersonalData) throw scopeMissing(PERSONAL_DATA);
}

async function note(tx: Transaction, { actor, roles, tenantId }: TenantScope, action: string, id: string): Promise<void> {
  await appendAuditEntry(tx, { actor, actorRoles: [...roles], tenantId, action, subject: { key_id: id }, reason: null, requestId: null });
}
