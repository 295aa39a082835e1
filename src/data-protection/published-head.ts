import type { Seal } from './seal-record.js';
import type { SealTip } from './check-seals.js';

/** A seal as it is published: one JSON line, enough to recognise the seal again and to check its signature. */
export function publishedLine(seal: Seal): string {
  return JSON.stringify({
    number: seal.number,
    root: seal.root.toString('hex'),
    previous_root: seal.previousRoot.toString('hex'),
    to: seal.to,
    events: seal.events,
    sealed_at: seal.sealedAt.toISOString(),
    signature: seal.signature?.toString('base64') ?? null,
    key_id: seal.keyId,
  });
}

export interface PublishedHead extends SealTip {
  readonly signature: Buffer | null;
}

/** @throws when a whole line is no published seal; a last line that was cut is left out */
export function readPublished(text: string): PublishedHead[] {
  const lines = text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '');
  return lines.map((line) => {
    const { number, root, signature } = JSON.parse(line) as { number?: unknown; root?: unknown; signature?: unknown };
    if (typeof number !== 'string' || typeof root !== 'string') throw new Error('the file of seals holds a line that is none');
    return { number, root: Buffer.from(root, 'hex'), signature: typeof signature === 'string' ? Buffer.from(signature, 'base64') : null };
  });
}
