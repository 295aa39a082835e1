import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { Database } from '../../database/database.js';
import { hashOfMachineKey, idOfMachineKey } from './machine-key.js';
import { KEY_ACTOR, type Principal } from './principal.js';
import { TokenRejected } from './rejection.js';

interface KeyRow {
  readonly tenantId: string;
  readonly scopes: readonly string[];
  /** The hash of the present secret, and of the one before while both are taken. */
  readonly hashes: readonly Buffer[];
  readonly isUseUnknown: boolean;
}

/** Read anew for every request: a key that was revoked is refused by every process at once. */
const FIND = `
select tenant_id as "tenantId", scopes, array_remove(array[secret_hash, case when previous_until > now() then previous_hash end], null) as hashes,
  last_used_at is null or last_used_at < now() - interval '1 minute' as "isUseUnknown"
from machine_keys where id = $1 and revoked_at is null and expires_at > now()`;

/** A request that goes on for longer, a stream, has to come again: the key may be revoked by then. */
const KEY_VALID_MS = 60_000;

/** At most one write a minute for each key, however many processes it asks. */
const NOTE_USE = `update machine_keys set last_used_at = now() where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`;

/** Machines that call with a key instead of a person's token. */
@Injectable()
export class MachineKeyVerifier {
  private readonly pepper: Buffer;

  constructor(
    @Inject(CONFIGURATION) { hashPepper }: Configuration,
    @Inject(Database) private readonly database: Database,
  ) {
    this.pepper = Buffer.from(hashPepper.reveal(), 'base64');
  }

  /** @throws TokenRejected when the key is unknown, expired or revoked, which its caller cannot tell apart */
  async principalOf(text: string): Promise<Principal> {
    const id = idOfMachineKey(text, this.pepper);
    if (id === null) throw new TokenRejected('machine_key');
    const [row] = await this.database.query<KeyRow>(FIND, [id]);
    const hash = hashOfMachineKey(text, this.pepper);
    if (!row?.hashes.some((known) => timingSafeEqual(known, hash))) throw new TokenRejected('machine_key');
    if (row.isUseUnknown) await this.database.query(NOTE_USE, [id]);
    const validUntil = new Date(Date.now() + KEY_VALID_MS);
    return { tenantId: row.tenantId, actor: KEY_ACTOR + id, roles: new Set(['seller']), scopes: new Set(row.scopes), keyId: id, validUntil };
  }
}
