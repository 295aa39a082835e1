import { expect, it } from '@jest/globals';
import { OneByOne } from './one-by-one.js';

/** Pieces of work that end when the test says so. */
function pieces() {
  const ends: ((outcome: string | Error) => void)[] = [];
  const work = () =>
    new Promise<string>((resolve, reject) =>
      ends.push((outcome) => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      }),
    );
  return { ends, work };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('runs one piece at a time, and one more for everybody who asked meanwhile', async () => {
  const { ends, work } = pieces();
  const ones = new OneByOne<string>();
  const first = ones.run('a', work);
  const others = [ones.run('a', work), ones.run('a', work), ones.run('a', work)];
  await settled();
  expect(ends).toHaveLength(1);
  ends[0]?.('one');
  expect(await first).toBe('one');
  await settled();
  expect(ends).toHaveLength(2);
  ends[1]?.('two');
  expect(await Promise.all(others)).toEqual(['two', 'two', 'two']);
  void ones.run('a', work);
  expect(ends).toHaveLength(3);
});

it('never runs two, whenever somebody asks', async () => {
  let running = 0;
  let most = 0;
  const ones = new OneByOne<void>();
  const work = async () => {
    most = Math.max(most, (running += 1));
    await settled();
    running -= 1;
  };
  const asked: Promise<void>[] = [];
  for (let turn = 0; turn < 50; turn += 1) {
    asked.push(ones.run('a', work));
    for (let step = 0; step < turn % 7; step += 1) await Promise.resolve();
    if (turn % 11 === 0) await settled();
  }
  await Promise.all(asked);
  expect([most, running]).toEqual([1, 0]);
});

it('lets other keys run beside it, and a failure hold up nobody who comes later', async () => {
  const { ends, work } = pieces();
  const ones = new OneByOne<string>();
  const failing = ones.run('a', work);
  const after = ones.run('a', work);
  const beside = ones.run('b', work);
  expect(ends).toHaveLength(2);
  ends[1]?.('b');
  expect(await beside).toBe('b');
  ends[0]?.(new Error('gone'));
  await expect(failing).rejects.toThrow('gone');
  await settled();
  ends[2]?.('a');
  expect(await after).toBe('a');
});
