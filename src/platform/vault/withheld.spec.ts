import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../../core/json.js';
import { splitPersonalData } from './personal-data.js';
import { WITHHELD, withholdPersonalData } from './withheld.js';

const CANARY = 'Kanarek';

/** Documents in which everything that would be sealed, and the pickup point, says the canary. */
const personal = fc.constantFrom(
  'buyer',
  'address',
  'naturalPerson',
  'company',
  'email',
  'login',
  'firstName',
  'phone_number',
  'taxId',
  'messageToSeller',
  'note',
  'pickupPoint',
);
const { document } = fc.letrec<{ document: JsonValue; secret: JsonValue }>((tie) => ({
  secret: fc.oneof(
    { maxDepth: 3 },
    fc.constant<JsonValue>(CANARY),
    fc.constant<JsonValue>([CANARY, { any: CANARY }]),
    fc.dictionary(fc.string({ maxLength: 5 }), tie('secret'), { maxKeys: 2 }) as fc.Arbitrary<JsonValue>,
  ),
  document: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(null, '', 7, true, 'public'),
    fc.array(tie('document'), { maxLength: 3 }) as fc.Arbitrary<JsonValue>,
    fc
      .tuple(fc.dictionary(fc.string({ maxLength: 5 }), tie('document'), { maxKeys: 3 }), fc.dictionary(personal, tie('secret'), { maxKeys: 3 }))
      .map(([open, sealed]) => ({ ...open, ...sealed })),
    fc.tuple(personal, tie('secret')).map(([name, value]) => ({ path: `delivery[0].${name}.any`, old: value, new: value })),
  ),
}));

describe('an answer without personal data', () => {
  it('holds nothing of a buyer, wherever it stood', () => {
    fc.assert(fc.property(document, (value) => !JSON.stringify(withholdPersonalData(value)).includes(CANARY)));
  });

  it('is the same again when it is withheld again', () => {
    fc.assert(fc.property(document, (value) => expect(withholdPersonalData(withholdPersonalData(value))).toEqual(withholdPersonalData(value))));
  });

  it('withholds at least what the log seals', () => {
    const form = {
      buyer: { login: 'a' },
      invoice: { address: { street: 'b' } },
      note: { text: 'c' },
      lineItems: [{ offer: { name: 'd' } }],
      messageToSeller: 'e',
    };
    expect(splitPersonalData(form).personal).toHaveLength(4);
    expect(withholdPersonalData(form)).toEqual({
      buyer: WITHHELD,
      invoice: { address: WITHHELD },
      note: WITHHELD,
      lineItems: [{ offer: { name: 'd' } }],
      messageToSeller: WITHHELD,
    });
  });

  it('says of what is empty, or erased, that it is', () => {
    const order = { buyer: '[erased]', messageToSeller: null, note: null, email: '' };
    expect(withholdPersonalData(order)).toEqual(order);
  });

  it('names what changed, and what it was where no buyer is concerned', () => {
    const changes = [
      { path: 'buyer.email', old: 'a', new: 'b' },
      { path: 'delivery.pickupPoint.name', old: null, new: 'b' },
      { path: 'lineItems[7].quantity', old: 1, new: 2 },
      { path: 'invoice', old: null, new: { required: true, address: { city: 'x' } } },
    ];
    expect(withholdPersonalData(changes)).toEqual([
      { path: 'buyer.email', old: WITHHELD, new: WITHHELD },
      { path: 'delivery.pickupPoint.name', old: null, new: WITHHELD },
      { path: 'lineItems[7].quantity', old: 1, new: 2 },
      { path: 'invoice', old: null, new: { required: true, address: WITHHELD } },
    ]);
  });
});
