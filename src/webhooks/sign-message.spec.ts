import { expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Secret } from '../core/secret.js';
import { signedHeaders } from './sign-message.js';

const secretOf = (byte: number) => new Secret(`whsec_${Buffer.alloc(32, byte).toString('base64')}`);
const [OLD, NEW, FOREIGN] = [secretOf(1), secretOf(2), secretOf(3)];
const BODY = '{"type":"order.created"}';
const verify = (secret: Secret, headers: Record<string, string>, body = BODY) => new Webhook(secret.reveal()).verify(body, headers);

it('is verified by the library, with either secret while one is exchanged', () => {
  const headers = signedHeaders('msg_1', BODY, new Date(), [NEW, OLD]);
  expect([verify(NEW, headers), verify(OLD, headers)]).toEqual([JSON.parse(BODY), JSON.parse(BODY)]);
  expect(() => verify(OLD, signedHeaders('msg_1', BODY, new Date(), [NEW]))).toThrow('No matching signature found');
});

it('is refused for another body, id, secret, or a time six minutes off', () => {
  const headers = signedHeaders('msg_1', BODY, new Date(), [NEW]);
  expect(() => verify(FOREIGN, headers)).toThrow();
  expect(() => verify(NEW, headers, `${BODY} `)).toThrow();
  expect(() => verify(NEW, { ...headers, 'webhook-id': 'msg_2' })).toThrow();
  for (const minutes of [-6, 6])
    expect(() => verify(NEW, signedHeaders('msg_1', BODY, new Date(Date.now() + minutes * 60_000), [NEW]))).toThrow(/too (old|new)/);
});
