import { describe, expect, it } from '@jest/globals';
import { readCommandLine } from './command-line.js';

describe('the command line of the sandbox', () => {
  it('reads every option', () => {
    const args = ['--port', '0', '--seed', '7', '--orders', '50', '--sellers', '2', '--arrival-ms', '100', '--latency-ms', '5', '--faults', 'default'];
    expect(readCommandLine(args, {})).toEqual({
      port: 0,
      seed: 7,
      orders: 50,
      sellers: 2,
      arrivalIntervalMs: 100,
      latencyMs: 5,
      faults: 'default',
    });
  });

  it('takes seed and faults from the environment where they are not given', () => {
    const env = { SANDBOX_SEED: '11', SANDBOX_FAULTS: 'slow=1' };
    expect(readCommandLine([], env)).toEqual({ seed: 11, faults: 'slow=1' });
    expect(readCommandLine(['--seed=12'], env)).toEqual({ seed: 12, faults: 'slow=1' });
  });

  it('names what is wrong', () => {
    expect(() => readCommandLine(['--orders', 'many'], {})).toThrow('--orders');
    expect(() => readCommandLine(['--nonsense', '1'], {})).toThrow('nonsense');
  });
});
