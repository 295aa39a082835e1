import type { Clock } from '../clock.js';
import type { SandboxSettings } from '../settings.js';

/** The window of the limit, and how long a client that exceeded it is blocked. */
const MINUTE_MS = 60_000;

interface Window {
  openedAtMs: number;
  requests: number;
  blockedUntilMs: number;
}

/** Requests a minute per application over all its sellers; exceeding them blocks it for a minute. */
export class RateLimit {
  readonly #settings: SandboxSettings;
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(settings: SandboxSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Counts a request of a client; false when it must be refused. */
  admit(clientId: string): boolean {
    const nowMs = this.#clock.nowMs();
    const window = this.#windowOf(clientId, nowMs);
    if (nowMs < window.blockedUntilMs) {
      if (this.#settings.blockProlongs) window.blockedUntilMs = nowMs + MINUTE_MS;
      return false;
    }
    window.requests += 1;
    if (window.requests <= this.#settings.requestsPerMinute) return true;
    window.blockedUntilMs = nowMs + MINUTE_MS;
    window.openedAtMs = window.blockedUntilMs;
    window.requests = 0;
    return false;
  }

  #windowOf(clientId: string, nowMs: number): Window {
    const window = this.#windows.get(clientId) ?? { openedAtMs: nowMs, requests: 0, blockedUntilMs: 0 };
    this.#windows.set(clientId, window);
    if (nowMs - window.openedAtMs >= MINUTE_MS) {
      window.openedAtMs = nowMs;
      window.requests = 0;
    }
    return window;
  }
}
