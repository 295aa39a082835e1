import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../core/json.js';
import { ERASED, joinPersonalData, splitPersonalData } from './personal-data.js';

const KEYS = ['buyer', 'address', 'email', 'street', 'pickupPoint', 'offer', 'note', '$sealed', 'items', 'status', 'company'];
const values = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5, noNullPrototype: true }),
}));

describe('splitting personal data from a document', () => {
  it('gives back the same document, key order included, when joined again', () => {
    fc.assert(
      fc.property(values.object, (generated) => {
        const document = generated as JsonObject;
        const { payload, personal } = splitPersonalData(document);
        const stored = JSON.parse(JSON.stringify(personal)) as typeof personal;
        expect(JSON.stringify(joinPersonalData(payload, stored))).toBe(JSON.stringify(document));
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves no personal value in the readable part of a form', () => {
    const form: JsonObject = {
      id: 'o-1',
      messageToSeller: 'Proszę dzwonić do Łukasza',
      buyer: { id: '7', email: 'lukasz@example.com', login: 'lukasz_k', address: { street: 'Długa 1', city: 'Gdańsk' } },
      delivery: {
        address: { firstName: 'Łukasz', phoneNumber: '600100200' },
        pickupPoint: { id: 'GDA01', address: { street: 'Punktowa 5' } },
        method: { id: 'm', name: 'Kurier' },
      },
      invoice: { required: true, address: { company: { name: 'Firma Łukasza', taxId: '1234567890' }, street: 'Długa 1' } },
      lineItems: [{ id: 'l', offer: { id: 'x', name: 'Klocki' } }],
    };
    const readable = JSON.stringify(splitPersonalData(form).payload);
    for (const personal of ['ukasz', 'Długa', 'Gdańsk', '600100200', 'Firma', '1234567890']) expect(readable).not.toContain(personal);
    for (const useful of ['o-1', 'Punktowa 5', 'Kurier', 'Klocki', 'GDA01']) expect(readable).toContain(useful);
  });

  it('shows every sealed value as erased once the key is gone', () => {
    const { payload } = splitPersonalData({ buyer: { login: 'x' }, note: { text: 'y' }, status: 'BOUGHT' });
    expect(joinPersonalData(payload, null)).toEqual({ buyer: ERASED, note: ERASED, status: 'BOUGHT' });
  });

  it('never stores a national identity number, and notes that there was one', () => {
    const { payload, personal } = splitPersonalData({ buyer: { personalIdentity: '44051401458', login: 'x' }, x: { personalIdentity: null } });
    expect(JSON.stringify([payload, personal])).not.toContain('44051401458');
    expect(joinPersonalData(payload, personal)).toEqual({ buyer: { personalIdentity: '[not stored]', login: 'x' }, x: { personalIdentity: null } });
  });

  it('keeps a document that looks like a placeholder apart from one', () => {
    for (const document of [{ $sealed: 0 }, { a: { $sealed: 3 } }, { offer: { $sealed: 1 } }, { list: [{ $sealed: 0, b: 1 }] }] as JsonObject[]) {
      const { payload, personal } = splitPersonalData(document);
      expect(joinPersonalData(payload, personal)).toEqual(document);
    }
  });
});
