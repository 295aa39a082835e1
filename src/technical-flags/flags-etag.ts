import { flagsVersion, type FlagsState } from './flags.events.js';

/** The tag of an order's flags: another one after every change, in whatever way it was made. */
export function flagsEtag(orderId: string, state: FlagsState): string {
  // Encoded, an id holds neither quotes nor commas.
  return `"${encodeURIComponent(orderId)}.${String(flagsVersion(state))}"`;
}

/** Whether an `If-Match` allows a change. Proxies that compress weaken tags, so the mark of that is not looked at. */
export function isMatch(ifMatch: string | null, etag: string): boolean {
  if (ifMatch === null) return true;
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
