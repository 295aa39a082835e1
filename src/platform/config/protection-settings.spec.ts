import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EnvironmentReader } from './environment-reader.js';
import { readIntegrity, readMonitoring } from './protection-settings.js';

const { privateKey } = generateKeyPairSync('ed25519');
const der = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const wrongKind = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

describe('the settings of seals and alerts', () => {
  it.each([
    ['PEM', pem],
    ['base64', der],
  ])('take an Ed25519 key as %s', (_form, key) => {
    const reader = new EnvironmentReader({ SEAL_SIGNING_KEY: key });
    expect(readIntegrity(reader).signingKey?.reveal()).toBe(key.trim());
    expect(reader.mistakes).toEqual([]);
  });

  it.each([
    ['a key of another kind', wrongKind],
    ['no key', 'c2VjcmV0'],
  ])('refuse %s, without its value', (_what, key) => {
    const reader = new EnvironmentReader({ SEAL_SIGNING_KEY: key });
    readIntegrity(reader);
    expect(reader.mistakes).toEqual([expect.stringContaining('SEAL_SIGNING_KEY must be')]);
    expect(reader.mistakes.join()).not.toContain(key);
  });

  it('need none of it', () => {
    const reader = new EnvironmentReader({});
    expect(readIntegrity(reader)).toEqual({ sealIntervalSeconds: 60, sealBatchEvents: 10_000, signingKey: null, sealFile: null });
    expect(readMonitoring(reader)).toEqual({ intervalSeconds: 30, raiseAfter: 3, clearAfter: 5, webhookUrl: null });
    expect(reader.mistakes).toEqual([]);
  });

  it.each(['ftp://alerts.example.com', 'nowhere'])('refuse %s as the receiver of alerts', (url) => {
    const reader = new EnvironmentReader({ ALERT_WEBHOOK_URL: url });
    readMonitoring(reader);
    expect(reader.mistakes).toEqual(['ALERT_WEBHOOK_URL must be an http or https address']);
  });
});
