import { describe, expect, it } from '@jest/globals';
import { RunningParts } from './running-parts.js';

function recorded(stopped: string[], name: string): { stop(): Promise<void> } {
  return { stop: () => Promise.resolve(void stopped.push(name)) };
}

describe('running parts', () => {
  it('stop in the reverse order of their start, once, however often it is asked', async () => {
    const stopped: string[] = [];
    const parts = new RunningParts();
    for (const name of ['postgres', 'sandbox', 'service']) parts.add(recorded(stopped, name));
    expect(parts.isStopping).toBe(false);
    await Promise.all([parts.stopAll(), parts.stopAll()]);
    expect(stopped).toEqual(['service', 'sandbox', 'postgres']);
    expect(parts.isStopping).toBe(true);
  });

  it('stop also behind one that cannot be stopped, and tell', async () => {
    const stopped: string[] = [];
    const parts = new RunningParts();
    parts.add(recorded(stopped, 'postgres'));
    parts.add({ stop: () => Promise.reject(new Error('stuck')) });
    await expect(parts.stopAll()).rejects.toThrow('Not everything could be stopped.');
    expect(stopped).toEqual(['postgres']);
  });
});
