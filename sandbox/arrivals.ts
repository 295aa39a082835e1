import type { ControlDesk } from './control/control-desk.js';

/** Lets something happen every so often, until stopped. Never keeps a process alive by itself. */
export function startArrivals(desk: ControlDesk, intervalMs: number): () => void {
  if (intervalMs <= 0) return () => undefined;
  const timer = setInterval(() => {
    desk.arrive();
  }, intervalMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
