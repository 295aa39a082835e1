import { Webhook } from 'standardwebhooks';
import type { Secret } from '../core/secret.js';

/**
 * The headers of Standard Webhooks 1.0 for one attempt: the time is the attempt's, so that a recorded request cannot be sent again later.
 * @param secrets every one of them signs: while a secret is being exchanged the receiver knows the old or the new one
 */
export function signedHeaders(id: string, body: string, at: Date, secrets: readonly Secret[]): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret.reveal()).sign(id, at, body)).join(' '),
  };
}
