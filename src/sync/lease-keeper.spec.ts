import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { LeaseKeeper } from './lease-keeper.js';

const EVERY_MS = 2;

const refused = (): Promise<boolean> => Promise.reject(new Error('no database'));
const says = (answer: boolean) => () => Promise.resolve(answer);

it('lets a run go on while its lease is renewed and it may run', async () => {
  let renewals = 0;
  const enough = Promise.withResolvers<boolean>();
  const keeper = new LeaseKeeper(
    () => {
      renewals += 1;
      if (renewals === 4) enough.resolve(true);
      return Promise.resolve(true);
    },
    says(true),
    EVERY_MS,
  );
  await enough.promise;
  keeper.stop();
  const before = renewals;
  await delay(10 * EVERY_MS);
  expect([keeper.signal.aborted, renewals]).toEqual([false, before]);
});

it.each([
  ['its lease was lost', says(false), says(true), 'the lease of the account was lost'],
  ['it was switched off', says(true), says(false), 'the run was switched off'],
  ['nobody knows whether the lease holds', refused, says(true), 'the lease of the account could not be renewed'],
  ['nobody knows whether it may run', says(true), refused, 'the lease of the account could not be renewed'],
])('ends the run when %s', async (_, renew, mayRun, reason) => {
  const keeper = new LeaseKeeper(renew, mayRun, EVERY_MS);
  await once(keeper.signal, 'abort');
  expect(keeper.signal.reason).toMatchObject({ message: reason });
});
