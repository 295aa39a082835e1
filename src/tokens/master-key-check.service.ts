import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { PairVault, tokenOwner } from './pair-vault.service.js';

interface Sample {
  readonly id: string;
  readonly keyId: string;
  readonly sealed: Buffer;
}

/** One token of each master key in use; the key's id stands in front of the sealed bytes, after its length. */
const SAMPLES = `
  select distinct on ("keyId") id, convert_from(substring(refresh_sealed from 3 for get_byte(refresh_sealed, 1)), 'UTF8') as "keyId", refresh_sealed as sealed
  from tokens where refresh_sealed is not null order by "keyId", updated_at desc`;

/** Refuses to start with master keys that do not open what is stored: no seller is to blame for a wrong key of ours. */
@Injectable()
export class MasterKeyCheck implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly vault: PairVault,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const { id, keyId, sealed } of await this.database.query<Sample>(SAMPLES)) {
      try {
        this.vault.open(tokenOwner(id), 'refresh', sealed);
      } catch (cause) {
        throw new Error(`MASTER_KEYS does not open tokens sealed under the key "${keyId}": give the key they were sealed with; nothing was changed`, { cause });
      }
    }
  }
}
