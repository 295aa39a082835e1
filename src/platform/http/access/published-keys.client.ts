import type { JSONWebKeySet } from 'jose';

/** The whole exchange, body included; an answer to our own caller must stay below 5 s. */
const FETCH_TIMEOUT_MS = 3_000;
/** Real key sets have a few kB. */
const MAX_BODY_BYTES = 262_144;

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // What `fetch` gives are bytes; its types do not say so.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) throw new Error('the key set is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Fetches a JSON Web Key Set: 3 s at most, 256 kB at most, no redirects. @throws when it is anything else */
export async function fetchPublishedKeys(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' },
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the issuer answered ${String(response.status)} for its key set`);
  }
  const keySet = JSON.parse(await readBounded(response)) as JSONWebKeySet;
  // An empty set would lock everybody out at once; an issuer in trouble answers such things.
  if (!Array.isArray(keySet.keys) || keySet.keys.length === 0) throw new Error('the key set holds no keys');
  return keySet;
}
