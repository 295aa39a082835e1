import { describe, expect, it } from '@jest/globals';
import { StatementNames } from './statement-names.js';

describe('the names of kept statements', () => {
  it('are the same for the same text and different for different texts', () => {
    const names = new StatementNames();
    const [one, two] = [names.nameOf('select 1'), names.nameOf('select 2')];
    expect(one).not.toEqual(two);
    expect(names.nameOf('select 1')).toEqual(one);
  });

  it('are not given without end: a client that varies its filters cannot fill the connections', () => {
    const names = new StatementNames();
    const given = Array.from({ length: 600 }, (_, index) => names.nameOf(`select ${String(index)}`)).filter(({ name }) => name !== undefined);
    expect(given).toHaveLength(500);
    expect(names.nameOf('select 0').name).toBeDefined();
  });
});
