import { Injectable } from '@nestjs/common';
import { AllegroOrdersClient } from '../allegro/allegro-orders.client.js';
import type { Secret } from '../core/secret.js';
import type { SellerIdentity } from './accounts.store.js';

/** Asks Allegro whose token it is. */
@Injectable()
export class SellerLookup {
  constructor(private readonly allegro: AllegroOrdersClient) {}

  /** @param accountKey what the call is counted under at our own limits. @throws AllegroProblem */
  async whoIs(accessToken: Secret, accountKey: string): Promise<SellerIdentity> {
    const { value } = await this.allegro.me(accessToken, { accountKey, share: 'interactive' });
    return { id: value.id, login: value.login, baseMarketplace: value.baseMarketplace };
  }
}
