import { describeWebhookKills } from '../support/webhook-kill-spec.js';

describeWebhookKills({ kills: 3, changes: 60, timeoutMs: 180_000 });
