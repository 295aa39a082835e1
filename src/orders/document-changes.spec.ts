import { describe, expect, it } from '@jest/globals';
import { documentChanges } from './document-changes.js';

describe('documentChanges', () => {
  it('is empty for equal documents in another key order', () => {
    expect(documentChanges({ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 })).toEqual([]);
  });

  it('names nested places with both values', () => {
    expect(documentChanges({ buyer: { email: 'a@example.com' } }, { buyer: { email: 'b@example.com' } })).toEqual([
      { path: 'buyer.email', old: 'a@example.com', new: 'b@example.com' },
    ]);
  });

  it('reads what is absent as null', () => {
    expect(documentChanges({ gone: 1, never: null }, { come: 2 })).toEqual([
      { path: 'gone', old: 1, new: null },
      { path: 'come', old: null, new: 2 },
    ]);
  });

  it('follows line items by their id, whatever their order', () => {
    const old = { lineItems: [{ id: 'l1', quantity: 1 }, { id: 'l2', quantity: 1 }] };
    const now = { lineItems: [{ id: 'l2', quantity: 1 }, { id: 'l1', quantity: 3 }] };
    expect(documentChanges(old, now)).toEqual([{ path: 'lineItems[l1].quantity', old: 1, new: 3 }]);
  }); // prettier-ignore

  it('follows lists without ids by index', () => {
    expect(documentChanges({ list: [1, { id: '' }] }, { list: [1, { id: 'x' }] })).toEqual([{ path: 'list[1].id', old: '', new: 'x' }]);
  });

  it('gives a place whole where its kind changed', () => {
    expect(documentChanges({ buyer: { id: '1' }, list: [1] }, { buyer: '[erased]', list: {} })).toEqual([
      { path: 'buyer', old: { id: '1' }, new: '[erased]' },
      { path: 'list', old: [1], new: {} },
    ]);
  });
});
