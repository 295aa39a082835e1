import { FRESHNESS, type Freshness } from './freshness.js';

export type FleetVerdict = 'ok' | 'accounts' | 'allegro_down';

export interface FleetFacts {
  readonly freshness: readonly Freshness[];
  /** Accounts with a periodic sync and a working token, and those of them whose last runs failed. */
  readonly scheduled: number;
  readonly failing: number;
  /** How Allegro looks from this process. */
  readonly allegro: 'up' | 'degraded' | 'down';
}

/** Two accounts may fail at once by chance; when more than half of three or more do, it is not them. */
const FEWEST_FAILING = 3;
const FAILING_SHARE = 0.5;

export function isAllegroDown({ scheduled, failing, allegro }: Pick<FleetFacts, 'scheduled' | 'failing' | 'allegro'>): boolean {
  return allegro === 'down' || (failing >= FEWEST_FAILING && failing > FAILING_SHARE * scheduled);
}

const TROUBLED: readonly Freshness[] = ['stalled', 'paused', 'disconnected'];

/** Tells "Allegro is down" from "these accounts have trouble". */
export function fleetVerdict(facts: FleetFacts): FleetVerdict {
  if (isAllegroDown(facts)) return 'allegro_down';
  return facts.failing > 0 || facts.freshness.some((freshness) => TROUBLED.includes(freshness)) ? 'accounts' : 'ok';
}

export function countByFreshness(all: readonly Freshness[]): Record<Freshness, number> {
  const counts = Object.fromEntries(FRESHNESS.map((freshness) => [freshness, 0])) as Record<Freshness, number>;
  for (const freshness of all) counts[freshness] += 1;
  return counts;
}
