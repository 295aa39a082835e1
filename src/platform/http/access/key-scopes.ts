/** Without it no answer holds buyers' personal data: see `withholdPersonalData`. */
export const PERSONAL_DATA = 'personal-data:read';

/** What a machine key can be allowed. */
export const KEY_SCOPES = [
  'accounts:read',
  'orders:read',
  'statistics:read',
  'changes:read',
  'exports:read',
  'exports:write',
  'flags:write',
  'sync:read',
  'sync:write',
  'webhooks:read',
  'webhooks:write',
  PERSONAL_DATA,
] as const;

export type KeyScope = (typeof KEY_SCOPES)[number];
