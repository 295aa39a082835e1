import { expect } from '@jest/globals';
import { AccountSync, type SyncOutcome, type SyncRequest } from '../../src/sync/account-sync.service.js';
import type { Service } from './service.js';

export type EndedSync = Extract<SyncOutcome, { kind: 'ended' }>;

/** What a test says of a run; the rest is a periodic, incremental one of `tenant-a` that may go on. */
export type AskedSync = Pick<SyncRequest, 'accountId' | 'tokenId'> & Partial<SyncRequest>;

export function syncRequest(asked: AskedSync): SyncRequest {
  const usual = { tenantId: 'tenant-a', taskId: null, from: null, syncType: 'incremental', mayRun: () => Promise.resolve(true) } as const;
  return { ...usual, signal: new AbortController().signal, ...asked };
}

/** One run in this process, as a worker would do it. @throws Error when another run holds the account */
export async function runSync(service: Service, asked: AskedSync): Promise<EndedSync> {
  const outcome = await service.app.get(AccountSync, { strict: false }).run(syncRequest(asked));
  if (outcome.kind === 'busy') throw new Error('another run holds the account');
  return outcome;
}

/** As {@link runSync}, where nothing may go wrong. */
export async function completeSync(service: Service, asked: AskedSync): Promise<EndedSync> {
  const outcome = await runSync(service, asked);
  expect(outcome.end).toMatchObject({ status: 'COMPLETED', error: null });
  return outcome;
}
