import { hashOf } from '../random.js';
import { KINDS } from './kind-list.js';
import type { OrderKind } from './order-kind.js';

const TOTAL_WEIGHT = KINDS.reduce((sum, kind) => sum + kind.weight, 0);

export function kindNamed(name: string): OrderKind | null {
  return KINDS.find((kind) => kind.name === name) ?? null;
}

/** The kind of the n-th order of a shop: each kind once, then by weight. */
export function kindAt(shopKey: string, index: number): OrderKind {
  const first = KINDS[index];
  if (first !== undefined) return first;
  let left = hashOf(shopKey, 'kind', index) % TOTAL_WEIGHT;
  for (const kind of KINDS) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  throw new Error('weights do not add up');
}
