import { describeWebhookKills } from '../support/webhook-kill-spec.js';

describeWebhookKills({ kills: 20, changes: 1_000, timeoutMs: 900_000 });
