import { unitOf } from '../../sandbox/random.js';

/** The share of corrupted forms that meets exactly `count` of these orders: which they are goes by their ids, and those by the day. */
export function shareOfCorrupted(orderIds: readonly string[], count: number): number {
  const places = orderIds.map((id) => unitOf('corrupt', id)).sort((one, other) => one - other);
  return ((places[count - 1] ?? 0) + (places[count] ?? 1)) / 2;
}
