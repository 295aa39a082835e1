import { Random, hashOf } from '../random.js';
import { personOf } from './people.js';

export interface Seller {
  readonly id: string;
  readonly index: number;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly companyName: string | null;
  readonly taxId: string | null;
  readonly superSeller: boolean;
  /** The start of every key from which this seller's orders are drawn. */
  readonly key: string;
}

const TRADES = ['rowery', 'meble', 'kredki', 'lampy', 'herbata', 'narzedzia', 'zabawki', 'ogrod'];

/** The n-th seller of a seed. Every fifth has a login of the form `Client:46968690`, as Allegro gives to some. */
export function sellerAt(seed: number, index: number): Seller {
  const key = `${String(seed)}/seller/${String(index)}`;
  const random = new Random(key);
  const person = personOf('PL', key);
  const id = String(10_000_000 + (hashOf(seed, 'ids') % 8_000_000) * 10 + index);
  const login = index % 5 === 4 ? `Client:${id}` : `${random.pick(TRADES)}_${random.text(5, 'abcdefghijkmnopqrstuvwxyz')}`;
  return {
    id,
    index,
    login,
    firstName: person.firstName,
    lastName: person.lastName,
    email: `sprzedawca-${id}@example.com`,
    companyName: random.chance(0.7) ? `Sklep ${random.pick(TRADES)} ${id}` : null,
    taxId: random.chance(0.6) ? person.taxId : null,
    superSeller: random.chance(0.4),
    key,
  };
}
