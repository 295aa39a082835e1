import { describe, expect, it } from '@jest/globals';
import { idsNamedBy } from './named-ids.js';

const inBody = (body: unknown) => idsNamedBy({ params: {}, query: {}, body });

describe('the ids a request names', () => {
  it('are those of its path, its query and its body, under their names', () => {
    const named = {
      params: { order_id: 'o-1' },
      query: { token_id: 't-1', limit: '5' },
      body: { lease_id: 'l-1', fencing_token: 7, has_invoice_created: true },
    };
    expect(idsNamedBy(named)).toEqual({ order_id: 'o-1', token_id: 't-1', lease_id: 'l-1' });
  });

  it('are those of the path where the body says something else', () => {
    expect(idsNamedBy({ params: { order_id: 'o-1' }, query: { order_id: 'o-2' }, body: { order_id: 'o-3' } })).toEqual({ order_id: 'o-1' });
  });

  it('are all of a bulk change and of a list', () => {
    expect(inBody({ changes: [{ order_id: 'a', reason: 'text' }, { order_id: 'b' }, null, { x: 1 }], token_ids: ['t-1', {}, 't-2'] })).toEqual({
      changes: [{ order_id: 'a' }, { order_id: 'b' }],
      token_ids: ['t-1', 't-2'],
    });
  });

  it('are no persons, secrets or texts, whatever they are called', () => {
    const body = { email: 'jan@example.com', login: 'jan', buyer_id: '44', user_id: 'x', allegro_token: 'abc', device_code: 'abc', reason: 'why' };
    expect(inBody(body)).toEqual({});
    for (const value of ['jan@example.com', 'Jan Kowalski', 'x'.repeat(101), '', null, true, 1.5, { id: 'x' }]) expect(inBody({ order_id: value })).toEqual({});
  });

  it.each([undefined, null, 'text', 7, [], [{ order_id: 'x' }]])('are none of the body %j', (body) => {
    expect(inBody(body)).toEqual({});
  });
});
