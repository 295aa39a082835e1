import { LOCK_MS, LOCK_RENEWAL_MS } from './queue-settings.js';

/**
 * Renews a lock until it is released. `onLost` is called once when the lock is gone, or when no renewal could be confirmed
 * for as long as the lock lasts: somebody else may hold it by then.
 * @param extend answers 1 when the lock was still ours, 0 when it was not
 * @returns stops the renewal
 */
export function keepLock(extend: () => Promise<number>, onLost: () => void): () => void {
  let confirmedAt = performance.now();
  const stop = () => clearInterval(timer);
  const lose = () => {
    stop();
    onLost();
  };
  const renew = async () => {
    const askedAt = performance.now();
    if (askedAt - confirmedAt > LOCK_MS) {
      lose();
      return;
    }
    const kept = await extend().catch(() => null);
    // A renewal that failed says nothing about the lock; the next one decides, or time does.
    if (kept === null) return;
    if (kept > 0) confirmedAt = askedAt;
    else lose();
  };
  const timer = setInterval(() => void renew(), LOCK_RENEWAL_MS);
  return stop;
}
