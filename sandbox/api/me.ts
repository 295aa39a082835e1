import { allegroJson, type Reply } from '../http/reply.js';
import type { Seller } from '../shop/sellers.js';

/** GET /me */
export function me(seller: Seller): Reply {
  return allegroJson(200, {
    id: seller.id,
    login: seller.login,
    firstName: seller.firstName,
    lastName: seller.lastName,
    email: seller.email,
    baseMarketplace: { id: 'allegro-pl' },
    company: { name: seller.companyName, taxId: seller.taxId },
    features: seller.superSeller ? ['SUPER_SELLER'] : [],
  });
}
