import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebhookKills } from './webhook-kills.js';

/** @param timeoutMs each process takes seconds to start, and what it left is taken up five seconds after it was killed */
export function describeWebhookKills({ kills, changes, timeoutMs }: { readonly kills: number; readonly changes: number; readonly timeoutMs: number }): void {
  describe('webhooks whose receivers fail three times in ten', () => {
    let stage: WebhookKills;

    beforeAll(async () => {
      stage = await WebhookKills.open();
    }, timeoutMs);
    afterAll(() => stage.close(), timeoutMs);

    it(
      `are told of every event, signed, under one id, in the order of each order, although the process that sends is killed ${String(kills)} times`,
      async () => {
        const verdict = await stage.run({ kills, events: changes });
        expect(verdict).toMatchObject({ kills, missing: [], manyIds: [], outOfOrder: [] });
        expect(verdict.events).toBeGreaterThan(changes);
        expect(verdict.requests).toBeGreaterThan(verdict.events);
      },
      timeoutMs,
    );
  });
}
