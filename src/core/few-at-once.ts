/** At once: a few reads hide each other's waits, and leave most connections of a small pool to others. */
const AT_ONCE = 4;

/** The results of `work` on every item, in the order of the items; a failure ends it after the part it is in. */
export async function fewAtOnce<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  return results;
}
