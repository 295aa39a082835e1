import { Random, type KeyPart } from '../random.js';

export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly company: string | null;
  readonly street: string;
  readonly city: string;
  readonly zipCode: string;
  readonly phone: string;
  readonly taxId: string;
}

interface Country {
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly streets: readonly string[];
  readonly cities: readonly string[];
  /** Dialling code followed by 00, which no subscriber has: nobody real can be rung up. */
  readonly phonePrefix: string;
}

const POLAND: Country = {
  firstNames: [
    'Świętosława',
    'Łukasz',
    'Żaneta',
    'Błażej',
    'Grażyna',
    'Mścisław',
    'Józefa',
    'Wiesław',
    'Zofia',
    'Przemysław',
    'Małgorzata',
    'Stanisław',
    'Bożena',
    'Kazimierz',
    'Agnieszka',
    'Bartłomiej',
    'Róża',
    'Dobromił',
    'Ludmiła',
    'Zdzisław',
  ],
  lastNames: [
    'Brzęczyszczak',
    'Żółtańska',
    'Gżegżółka',
    'Ćwiąkała',
    'Śmigłowicz',
    'Łąkowska',
    'Źdźbłowski',
    'Pszczółkowska-Ślęzak',
    'Wąsikiewicz',
    'Gęśla',
    'Niezgódka',
    'Dębowianka',
    'Rzeżuchowski',
    'Chrząszczyk',
    'Ostrężyna',
    'Kołodziejczyńska',
  ],
  streets: ['ul. Świętojańska', 'ul. Żwirowa', 'al. Wymyślona', 'os. Pod Dębami', 'pl. Źródlany', 'ul. Księżycowa', 'ul. Łabędzia'],
  cities: ['Łódź', 'Wrocław', 'Gdańsk', 'Świnoujście', 'Żory', 'Bielsko-Biała', 'Częstochowa', 'Kraków', 'Źrebce', 'Ośno'],
  phonePrefix: '+48 00',
};

const CZECHIA: Country = {
  firstNames: ['Řehoř', 'Ludmila', 'Jiří', 'Žofie', 'Květa', 'Zdeněk'],
  lastNames: ['Dvořáček', 'Křížová', 'Švandrlík', 'Nezvalová', 'Třeštík'],
  streets: ['Vymyšlená', 'Měsíční', 'Pod Kaštany'],
  cities: ['Brno', 'Plzeň', 'Ústí nad Labem', 'Č. Budějovice'],
  phonePrefix: '+420 00',
};

const SLOVAKIA: Country = {
  firstNames: ['Ľudovít', 'Zuzana', 'Jozefína', 'Štefan'],
  lastNames: ['Hviezdička', 'Kŕdeľová', 'Ďurkovič', 'Žitňanská'],
  streets: ['Vymyslená', 'Mesačná', 'Pri Studničke'],
  cities: ['Košice', 'Žilina', 'Trenčín'],
  phonePrefix: '+421 00',
};

const HUNGARY: Country = {
  firstNames: ['Győző', 'Őzike', 'Tünde', 'Szabolcs'],
  lastNames: ['Kitalált-Nagy', 'Fűzfás', 'Öröménekes', 'Szőlősi'],
  streets: ['Képzelt utca', 'Holdfény köz', 'Cseresznye út'],
  cities: ['Győr', 'Pécs', 'Szeged'],
  phonePrefix: '+36 00',
};

const COUNTRIES: Readonly<Record<string, Country>> = { PL: POLAND, CZ: CZECHIA, SK: SLOVAKIA, HU: HUNGARY };

const COMPANIES = ['Zmyślony Handel', 'Rower i Spółka', 'Dębowe Meble', 'Biuro Wyobraźni', 'Źródło Światła', 'Kredka i Syn'];

/** An invented person; the same key always gives the same one. */
export function personOf(countryCode: string, ...key: readonly KeyPart[]): Person {
  const random = new Random('person', ...key);
  const country = COUNTRIES[countryCode] ?? POLAND;
  const zip = random.digits(5);
  return {
    firstName: random.pick(country.firstNames),
    lastName: random.pick(country.lastNames),
    street: `${random.pick(country.streets)} ${String(random.integer(1, 199))}/${String(random.integer(1, 60))}`,
    city: random.pick(country.cities),
    zipCode: countryCode === 'PL' ? `${zip.slice(0, 2)}-${zip.slice(2)}` : zip,
    phone: `${country.phonePrefix}${random.digits(7)}`,
    company: random.chance(0.05) ? `${random.pick(COMPANIES)} ${random.digits(3)} sp. z o.o.` : null,
    taxId: `000${random.digits(7)}`,
  };
}

/** A made-up company name for the orders that need one. */
export function companyOf(...key: readonly KeyPart[]): string {
  const random = new Random('company', ...key);
  return `${random.pick(COMPANIES)} ${random.digits(3)} sp. z o.o.`;
}
