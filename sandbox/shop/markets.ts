export interface Market {
  readonly id: string;
  readonly currency: string;
  readonly language: string;
  readonly country: string;
  /** Smallest step of a price in minor units: Hungarian prices end in 0 or 5 forint, Czech ones in whole crowns. */
  readonly priceStep: number;
  /** Roughly how many minor units of this currency equal one grosz. */
  readonly rate: number;
}

const POLAND: Market = { id: 'allegro-pl', currency: 'PLN', language: 'pl-PL', country: 'PL', priceStep: 1, rate: 1 };

const MARKETS: Readonly<Record<string, Market>> = {
  'allegro-pl': POLAND,
  'allegro-cz': { id: 'allegro-cz', currency: 'CZK', language: 'cs-CZ', country: 'CZ', priceStep: 100, rate: 6 },
  'allegro-sk': { id: 'allegro-sk', currency: 'EUR', language: 'sk-SK', country: 'SK', priceStep: 1, rate: 0.25 },
  'allegro-hu': { id: 'allegro-hu', currency: 'HUF', language: 'hu-HU', country: 'HU', priceStep: 500, rate: 90 },
  'allegro-business-cz': {
    id: 'allegro-business-cz',
    currency: 'CZK',
    language: 'cs-CZ',
    country: 'CZ',
    priceStep: 100,
    rate: 6,
  },
};

/** The market of that id, Poland when not said; an id Allegro has not announced yet is Poland under another name. */
export function marketOf(id = 'allegro-pl'): Market {
  return MARKETS[id] ?? { ...POLAND, id };
}
