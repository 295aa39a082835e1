import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { hashOfMachineKey, idOfMachineKey, isMachineKey, makeMachineKey, visiblePartOf } from './machine-key.js';

const PEPPER = Buffer.alloc(32, 1);
const id = randomUUID();
const key = makeMachineKey(id, PEPPER).reveal();

describe('a machine key', () => {
  it('names its id, begins with what may be shown, and differs each time', () => {
    expect(idOfMachineKey(key, PEPPER)).toBe(id);
    expect(isMachineKey(key)).toBe(true);
    expect(key.startsWith(`${visiblePartOf(id)}_`)).toBe(true);
    expect(makeMachineKey(id, PEPPER).reveal()).not.toBe(key);
  });

  it('is not one when a single letter is another', () => {
    const letter = fc.constantFrom(...'0123456789abcdefABCDEFgz_- ');
    const change = fc.tuple(fc.nat(key.length - 1), letter).filter(([place, other]) => key[place] !== other);
    fc.assert(fc.property(change, ([place, other]) => idOfMachineKey(key.slice(0, place) + other + key.slice(place + 1), PEPPER) === null));
  });

  it('is not one under another pepper, whoever knows how its checksum is made', () => {
    expect(idOfMachineKey(key, Buffer.alloc(32, 2))).toBeNull();
  });

  it('is hashed with the pepper, so that a copy of the table gives no key away', () => {
    expect(hashOfMachineKey(key, PEPPER)).toHaveLength(32);
    expect(hashOfMachineKey(key, PEPPER).equals(hashOfMachineKey(key, Buffer.alloc(32, 2)))).toBe(false);
  });
});
