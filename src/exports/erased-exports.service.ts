import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { ForgottenBuyer } from '../platform/erasure/forgotten-buyer.js';
import { HoldersOfCopies } from '../platform/erasure/holders-of-copies.js';
import { ExportFiles } from './exports.read-model.js';
import { eraseFile } from './exports.store.js';
import { holdsAny } from './member-ids.js';

/** Files that hold an erased buyer go as a whole: a file with a line cut out would not be what its checksum says. */
@Injectable()
export class ErasedExports {
  constructor(
    private readonly files: ExportFiles,
    private readonly database: Database,
    holders: HoldersOfCopies,
  ) {
    holders.register({ name: 'exports', forget: (buyer) => this.forget(buyer) });
  }

  private async forget({ accountId, streamIds }: ForgottenBuyer): Promise<number> {
    let cleaned = 0;
    for (const id of await this.files.ofAccount(accountId)) {
      const members = await this.files.members(id);
      if (!members || !holdsAny(members, streamIds)) continue;
      if (await this.database.transaction((tx) => eraseFile(tx, id))) cleaned += 1;
    }
    return cleaned;
  }
}
