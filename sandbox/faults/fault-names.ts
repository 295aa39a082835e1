/** Every fault the sandbox can make, with what its rate is a share of and what its argument means. */
export const FAULTS = {
  '429': 'API requests answered 429; argument: seconds of Retry-After, or `none`; without it some answers carry one and some do not',
  '429odd': 'API requests answered 429 with a Retry-After that is a date, past, huge or garbage',
  '5xx': 'API requests answered 500, 502, 503 or 504; argument: one status',
  slow: 'API answers held back; argument: milliseconds (2000)',
  cut: 'API answers cut off before the headers, in the middle, or shorter than announced',
  html200: 'API requests answered 200 with a login page',
  html400: 'API requests answered 400 with the page of an edge server',
  captcha: 'API requests answered 403 with a captcha page',
  empty: 'API requests answered 200 without a body',
  wrongjson: 'API requests answered 200 with {}, null, [] or an error envelope',
  bomb: 'API requests answered with a small gzip body that grows beyond measure; argument: MiB (64)',
  huge: 'API answers padded to a huge page; argument: MiB (20)',
  badgzip: 'API answers that say gzip and are plain or cut',
  oddstatus: 'API requests answered 204, 206, 304 or 418, or redirected',
  token5xx: 'requests of the token endpoint answered 5xx, nothing having happened',
  tokenhtml: 'requests of the token endpoint answered 200 or 403 with HTML, nothing having happened',
  tokenslow: 'answers of the token endpoint held back; argument: milliseconds (3000)',
  'lost-refresh': 'refreshes that rotate the tokens and lose the answer',
  duplicate: 'journal events written again with a new id, moments or hours later',
  late: 'journal events written late, with a newer id; argument: milliseconds (60000)',
  behind: 'journal events that appear late with an id lower than others already read; argument: milliseconds (60000)',
  hidden: 'orders of which the journal says nothing, or nothing after the first event',
  shuffle: 'journal events written out of the order of occurrence',
  merge: 'orders that replace two earlier purchases',
  nulls: 'orders whose form carries null in many places',
  lagging: 'changes of a form that are answered late; argument: milliseconds (3000)',
  stale: 'reads of a form answered with the version before',
  poison: 'orders whose form answers 500 every time',
  missing: 'orders whose form answers 404 although it is listed',
} as const;

export type FaultName = keyof typeof FAULTS;

export function isFaultName(name: string): name is FaultName {
  return name in FAULTS;
}
