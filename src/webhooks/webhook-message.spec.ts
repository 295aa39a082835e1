import { expect, it } from '@jest/globals';
import { deliveryIdOf, messageBody, messageIdOf, type OrderContents, type WebhookEvent } from './webhook-message.js';

const EVENT: WebhookEvent = {
  id: '0190aaaa-bbbb-4ccc-8ddd-eeeeffff0000',
  webhookId: '11111111-2222-4333-8444-555555555555',
  topic: 'order.updated',
  subjectId: null,
  accountId: '7',
  tokenId: null,
  orderId: 'o-1',
  version: 3,
  sequence: '30',
  changed: ['status'],
  announcedAt: new Date('2026-11-21T10:00:00Z'),
};
const data = (event: WebhookEvent, contents: OrderContents | null = null) => (JSON.parse(messageBody(event, contents)) as { data: unknown }).data;

it('has an id without a full stop, from which its delivery is found again', () => {
  const id = messageIdOf(EVENT.id);
  expect(id).toBe('msg_0190aaaabbbb4ccc8dddeeeeffff0000');
  expect(deliveryIdOf(id)).toBe(EVENT.id);
  for (const other of ['', 'msg_', `${id}0`, id.toUpperCase(), EVENT.id, "msg_0190aaaabbbb4ccc8dddeeeeffff000'"]) expect(deliveryIdOf(other)).toBeNull();
});

it('is thin or full, and says what changed by paths alone', () => {
  const thin = { account_id: '7', token_id: null, order_id: 'o-1', version: 3, sequence: 30, changed: ['status'] };
  expect(JSON.parse(messageBody(EVENT, null))).toEqual({ type: 'order.updated', timestamp: '2026-11-21T10:00:00.000Z', data: thin });
  const diff = [{ path: 'status', from: 'BOUGHT', to: 'CANCELLED' }];
  expect(data(EVENT, { diff, order: '{"id":"o-1"}' })).toEqual({ ...thin, diff, order: { id: 'o-1' } });
});

it('names no order for what concerns an account, and a webhook alone for what concerns one', () => {
  expect(data({ ...EVENT, topic: 'sync.paused', orderId: '' })).toMatchObject({ account_id: '7', order_id: null });
  expect(data({ ...EVENT, topic: 'webhook.ping', orderId: null, accountId: null })).toEqual({ webhook_id: EVENT.webhookId });
  expect(data({ ...EVENT, topic: 'webhook.disabled', subjectId: 'other' })).toEqual({ webhook_id: 'other' });
});
