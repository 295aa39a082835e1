import { Injectable } from '@nestjs/common';
import type { Problem } from '../core/problem.js';
import { Database } from '../platform/database/database.js';
import { AccountNames } from '../tokens/account-names.service.js';
import { linkFailed, type LinkEndCode } from './auth.errors.js';
import type { Authorization } from './device-authorizations.read-model.js';
import { failAuthorization } from './device-authorizations.store.js';

/** Ends a link that came to nothing: secrets forgotten, name free, the reason kept. */
@Injectable()
export class LinkEnd {
  constructor(
    private readonly database: Database,
    private readonly names: AccountNames,
  ) {}

  /** @returns the failure to end the task with */
  async fail(link: Authorization, code: LinkEndCode, detail: string): Promise<Problem> {
    const status = code === 'DEVICE_CODE_EXPIRED' ? 'expired' : 'failed';
    await this.database.transaction(async (tx) => {
      if (await failAuthorization(tx, link.id, { status, code, detail })) await this.names.release(tx, link.tokenId);
    });
    return linkFailed(code, detail);
  }
}
