import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebhookKills } from '../support/webhook-kills.js';

const KILLS = 3;
const CHANGES = 60;
/** Each process takes seconds to start, and what it left is taken up five seconds after it was killed. */
const TIMEOUT_MS = 180_000;

describe('webhooks whose receivers fail three times in ten', () => {
  let stage: WebhookKills;

  beforeAll(async () => {
    stage = await WebhookKills.open();
  }, TIMEOUT_MS);
  afterAll(() => stage.close(), TIMEOUT_MS);

  it(
    'are told of every event, signed, under one id, in the order of each order, although the process that sends is killed three times',
    async () => {
      const verdict = await stage.run({ kills: KILLS, events: CHANGES });
      expect(verdict).toMatchObject({ kills: KILLS, missing: [], manyIds: [], outOfOrder: [] });
      expect(verdict.events).toBeGreaterThan(CHANGES);
      expect(verdict.requests).toBeGreaterThan(verdict.events);
    },
    TIMEOUT_MS,
  );
});
