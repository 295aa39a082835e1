import { createPrivateKey } from 'node:crypto';
import type { Configuration } from './configuration.js';
import type { EnvironmentReader } from './environment-reader.js';

/** A minute bounds what can be changed before a seal covers it, and costs one statement. */
const SEAL_INTERVAL_SECONDS = { fallback: 60, min: 1, max: 3_600 };
/** 10,000 hashes are read in some 50 ms and weigh half a megabyte. */
const SEAL_BATCH_EVENTS = { fallback: 10_000, min: 10, max: 100_000 };
/** Twice within the shortest sync interval. */
export const MONITOR_INTERVAL_SECONDS = { fallback: 30, min: 1, max: 3_600 };
/** Three bad looks outlast a restart of one process or one lost connection. */
export const ALERT_AFTER_LOOKS = { fallback: 3, min: 1, max: 100 };
/** Five good looks: what comes and goes within two minutes is still the same trouble. */
export const CLEAR_AFTER_LOOKS = { fallback: 5, min: 1, max: 100 };

function isEd25519(text: string): boolean {
  try {
    const key = text.includes('-----BEGIN') ? createPrivateKey(text) : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
    return key.asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

export function readIntegrity(reader: EnvironmentReader): Configuration['integrity'] {
  const signingKey = reader.optionalSecret('SEAL_SIGNING_KEY');
  if (signingKey && !isEd25519(signingKey.reveal())) reader.refuse('SEAL_SIGNING_KEY must be an Ed25519 private key: PEM, or base64 of its PKCS#8 form');
  return {
    sealIntervalSeconds: reader.integer('SEAL_INTERVAL_SECONDS', SEAL_INTERVAL_SECONDS),
    sealBatchEvents: reader.integer('SEAL_BATCH_EVENTS', SEAL_BATCH_EVENTS),
    signingKey,
    sealFile: reader.optional('SEAL_FILE'),
  };
}

export function readErasure(reader: EnvironmentReader): Configuration['erasure'] {
  return { listFile: reader.optional('ERASURE_LIST_FILE') };
}

export function readMonitoring(reader: EnvironmentReader): Configuration['monitoring'] {
  const webhookUrl = reader.optionalSecret('ALERT_WEBHOOK_URL');
  const url = webhookUrl?.reveal() ?? 'https://none.invalid';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) reader.refuse('ALERT_WEBHOOK_URL must be an http or https address');
  return {
    intervalSeconds: reader.integer('MONITOR_INTERVAL_SECONDS', MONITOR_INTERVAL_SECONDS),
    raiseAfter: reader.integer('ALERT_AFTER_LOOKS', ALERT_AFTER_LOOKS),
    clearAfter: reader.integer('CLEAR_AFTER_LOOKS', CLEAR_AFTER_LOOKS),
    webhookUrl,
  };
}
