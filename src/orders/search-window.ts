/** What a walk over the newest orders found. Times are seconds since 1970. */
export interface Walk {
  readonly found: number;
  readonly newestAt: number;
  /** Of the last order walked. */
  readonly edgeAt: number;
}

/** Of fewer matches nothing can be told about how many orders have to be read; so rare, all of them are few enough. */
const FEWEST_TO_JUDGE = 8;
/** Of counts as small as these two standard deviations are covered: a second look costs more than some more rows in the first. */
const margin = (found: number) => 1 + 2 / Math.sqrt(found);
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 604_800;
/** As many keys are looked up in the index without being felt; more are looked up as weeks, and more than that as the whole account. */
const MOST_KEYS = 60;

/**
 * The keys of `order_search` under which the newest `wanted` matches lie, judged by how thickly the newest orders match.
 * Null where that is most of the account.
 */
export function windowKeys(accountId: string, { found, newestAt, edgeAt }: Walk, wanted: number): string[] | null {
  if (found < FEWEST_TO_JUDGE) return null;
  const from = newestAt - ((newestAt - edgeAt) * wanted * margin(found)) / found;
  return spans(accountId, from, newestAt, { letter: 'd', seconds: DAY_SECONDS }) ?? spans(accountId, from, newestAt, { letter: 'w', seconds: WEEK_SECONDS });
}

function spans(accountId: string, from: number, to: number, unit: { letter: string; seconds: number }): string[] | null {
  const first = Math.floor(from / unit.seconds);
  const length = Math.floor(to / unit.seconds) - first + 1;
  if (length > MOST_KEYS) return null;
  return Array.from({ length }, (_, index) => `@${accountId}/${unit.letter}${String(first + index)}`);
}

export const accountKey = (accountId: string): string => `@${accountId}`;
