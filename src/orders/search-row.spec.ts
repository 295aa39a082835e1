import { describe, expect, it } from '@jest/globals';
import { searchRow } from './search-row.js';

const document = {
  buyer: { email: 'Ewa@Example.com', login: 'Ewa_99', firstName: 'Łucja', lastName: 'Żak', companyName: null, phoneNumber: '+48 600 700 800' },
  delivery: { address: { firstName: 'Jan', lastName: 'Ćwik', companyName: 'Sklep Ósmy', phoneNumber: '600700800' } },
  invoice: { address: { company: { name: 'Ósmy sp. z o.o.', taxId: '526-10-40-828', ids: [{ type: 'PL_NIP', value: '5261040828' }] } } },
  lineItems: [{ offer: { name: 'Klocki Świąteczne', external: { id: 'SKU-1' } } }, { offer: { name: 'Klocki Świąteczne', external: null } }],
};

describe('what an order is found by', () => {
  it('is folded, each thing once', () => {
    expect(searchRow('0123abcd-1111-2222-3333-444455556666', document)).toEqual({
      search_email: 'ewa@example.com',
      search_login: 'ewa_99',
      search_names: ' lucja zak jan cwik sklep osmy osmy sp. z o.o.',
      search_codes: ['600700800', '5261040828', 'sku-1'],
      search_text: '0123abcd lucja zak jan cwik sklep osmy osmy sp. z o.o. ewa_99 ewa@example.com 600700800 5261040828 sku-1 klocki swiateczne',
    });
  });

  it('is nothing of a buyer who was erased, and the offers stay', () => {
    const erased = { ...document, buyer: '[erased]', delivery: { address: '[erased]' }, invoice: { address: { company: '[erased]' } } };
    const row = searchRow('0123abcd', erased);
    expect(row).toMatchObject({ search_email: null, search_login: null, search_names: '', search_codes: ['sku-1'] });
    expect(row.search_text).toBe('0123abcd sku-1 klocki swiateczne');
  });

  it('is nothing where the document holds other types, and bounded where it is huge', () => {
    expect(searchRow('o', { buyer: 7, delivery: null, lineItems: 'x', invoice: { address: [] } })).toMatchObject({ search_text: 'o', search_codes: [] });
    const lines = Array.from({ length: 300 }, (_, index) => ({ offer: { name: `offer number ${String(index)}` } }));
    expect(searchRow('o', { lineItems: lines }).search_text).toHaveLength(2_000);
  });
});
