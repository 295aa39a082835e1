import type { Json } from './service.js';

export interface ClaimRound {
  /** By order: the numbers of the workers that got it. */
  readonly winners: ReadonlyMap<string, readonly number[]>;
  /** Status and code of every refusal. */
  readonly refusals: ReadonlySet<string>;
}

/** Workers that each claim every order, all at once; everybody begins somewhere else and meets everybody. */
export async function claimRound(
  orderIds: readonly string[],
  workers: number,
  claim: (orderId: string) => Promise<{ status: number; body: Json }>,
): Promise<ClaimRound> {
  const winners = new Map<string, number[]>(orderIds.map((id) => [id, []]));
  const refusals = new Set<string>();
  const worker = async (number: number): Promise<void> => {
    const start = Math.floor((number * orderIds.length) / workers);
    for (const id of [...orderIds.slice(start), ...orderIds.slice(0, start)]) {
      const { status, body } = await claim(id);
      if (status === 201) winners.get(id)?.push(number);
      else refusals.add(`${String(status)} ${String(body['code'])}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, number) => worker(number)));
  return { winners, refusals };
}
