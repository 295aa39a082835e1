import { OUTGOING_PER_MINUTE, REFUSALS_PER_MINUTE, REQUESTS_PER_MINUTE } from '../../config/http-limits.js';
import type { InstallationSetting, TenantSetting } from '../../settings/setting.js';

const REQUESTS = { unit: 'requests a minute', type: 'integer' } as const;

export const TENANT_REQUESTS: TenantSetting = {
  ...REQUESTS,
  name: 'http.requests_per_minute',
  ...REQUESTS_PER_MINUTE,
  perTenant: true,
  environment: { variable: 'RATE_LIMIT_PER_MINUTE', value: ({ http }) => http.limits.requestsPerMinute },
  sentence: 'A tenant may send so many requests; 0 sets no limit.',
};

export const OUTGOING_REQUESTS: TenantSetting = {
  ...REQUESTS,
  name: 'http.outgoing_per_minute',
  ...OUTGOING_PER_MINUTE,
  perTenant: true,
  environment: { variable: 'OUTGOING_PER_MINUTE', value: ({ http }) => http.limits.outgoingPerMinute },
  sentence: 'So many of the requests of a tenant may ask Allegro or send something; 0 sets no limit.',
};

export const REFUSED_REQUESTS: InstallationSetting = {
  ...REQUESTS,
  name: 'http.refusals_per_minute',
  ...REFUSALS_PER_MINUTE,
  perTenant: false,
  environment: { variable: 'REFUSALS_PER_MINUTE', value: ({ http }) => http.limits.refusalsPerMinute },
  sentence: 'So many requests of one address without a valid token are answered before it is slowed down; 0 sets no limit.',
};
