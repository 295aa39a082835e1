import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { DeviceCode } from '../allegro/oauth-answers.js';
import { Database } from '../platform/database/database.js';
import { Tasks } from '../platform/jobs/tasks.service.js';
import { AccountNames, type Reservation } from '../tokens/account-names.service.js';
import { PairVault } from '../tokens/pair-vault.service.js';
import { insertAuthorization } from './device-authorizations.store.js';

export const LINK_ACCOUNT = 'link_account';

/** The name a link's sealed fields are bound to. */
export function authorizationOwner(id: string): string {
  return `authorization:${id}`;
}

/** Writes down a link that waits for its seller, with the task that polls. */
@Injectable()
export class LinkRecorder {
  constructor(
    private readonly database: Database,
    private readonly tasks: Tasks,
    private readonly names: AccountNames,
    private readonly vault: PairVault,
  ) {}

  /** @returns the task's id */
  async record(reservation: Reservation, device: DeviceCode): Promise<string> {
    const id = randomUUID();
    const { tenantId, tokenId, accountName, expectedAccountId } = reservation;
    const { intervalSeconds, expiresInSeconds } = device;
    const task = await this.database.transaction(async (tx) => {
      const created = await this.tasks.create(tx, {
        tenantId,
        accountId: expectedAccountId,
        tokenId,
        // A queue of its own: a slow answer to one link does not hold up another tenant's.
        queueKey: tokenId,
        taskType: LINK_ACCOUNT,
        params: { authorization_id: id, account_name: accountName },
        description: `Link the Allegro account "${accountName}"`,
        dueAt: new Date(Date.now() + intervalSeconds * 1000),
      });
      const deviceSealed = this.vault.seal(authorizationOwner(id), 'device', device.deviceCode);
      const deviceHash = this.vault.lookupHash(device.deviceCode);
      await insertAuthorization(tx, {
        id,
        tenantId,
        tokenId,
        expectedAccountId,
        accountName,
        taskId: created.id,
        deviceHash,
        deviceSealed,
        intervalSeconds,
        expiresInSeconds,
      });
      await this.names.hold(tx, tokenId, expiresInSeconds);
      return created;
    });
    return task.id;
  }
}
