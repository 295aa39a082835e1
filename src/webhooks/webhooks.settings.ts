import { DELIVERY_DAYS } from '../platform/config/retention-settings.js';
import { keptDays } from '../platform/retention/kept-days.js';
import type { TenantSetting } from '../platform/settings/setting.js';

export const KEPT_DELIVERIES = keptDays({
  name: 'retention.delivery_days',
  bounds: DELIVERY_DAYS,
  variable: 'RETENTION_DELIVERY_DAYS',
  of: 'deliveryDays',
  sentence: 'Deliveries to webhooks that ended so many days ago are deleted, with their attempts.',
});

/** A tenant's feed has a handful of readers; each costs every event a row. */
export const MOST_WEBHOOKS: TenantSetting = {
  name: 'webhooks.most_webhooks',
  unit: 'webhooks',
  type: 'integer',
  fallback: 20,
  min: 1,
  max: 200,
  perTenant: true,
  sentence: 'A tenant has so many webhooks at most; those there are stay when it gets lower.',
};
