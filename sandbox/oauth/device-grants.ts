import { randomInt } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { SandboxSettings } from '../settings.js';
import type { Seller } from '../shop/sellers.js';

export interface DeviceGrant {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
  answer: 'pending' | 'approved' | 'denied' | 'used';
  seller: Seller | null;
  polledAtMs: number | null;
}

type PollOutcome =
  { readonly kind: 'approved'; readonly grant: DeviceGrant; readonly seller: Seller } | { readonly kind: 'pending' | 'slow_down' | 'denied' | 'invalid' };

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const LETTERS_AND_DIGITS = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;

/** A network's jitter may bring a punctual poll a little early: that much is not called too fast. */
const PUNCTUALITY_MS = 100;

function draw(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** The device codes asked for, and what the seller answered. */
export class DeviceGrants {
  readonly #settings: SandboxSettings;
  readonly #clock: Clock;
  readonly #byDeviceCode = new Map<string, DeviceGrant>();
  readonly #byUserCode = new Map<string, DeviceGrant>();

  constructor(settings: SandboxSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  ask(clientId: string, scopes: readonly string[]): DeviceGrant {
    const grant: DeviceGrant = {
      deviceCode: draw(32, LETTERS_AND_DIGITS),
      userCode: draw(9, LETTERS),
      clientId,
      scopes,
      expiresAtMs: this.#clock.nowMs() + this.#settings.deviceCodeTtlSeconds * 1_000,
      answer: 'pending',
      seller: null,
      polledAtMs: null,
    };
    this.#byDeviceCode.set(grant.deviceCode, grant);
    this.#byUserCode.set(grant.userCode, grant);
    return grant;
  }

  /** A grant still waiting for its answer; people may type the code with blanks and capitals. */
  waiting(userCode: string): DeviceGrant | null {
    const grant = this.#byUserCode.get(userCode.replaceAll(/[\s-]/g, '').toLowerCase());
    return grant?.answer === 'pending' && grant.expiresAtMs > this.#clock.nowMs() ? grant : null;
  }

  /** What a poll is told. An approved code is told once: from then on it is invalid. */
  poll(deviceCode: string, clientId: string): PollOutcome {
    const grant = this.#byDeviceCode.get(deviceCode);
    if (!grant || grant.clientId !== clientId || this.#isOver(grant)) return { kind: 'invalid' };
    if (this.#isTooFast(grant)) return { kind: 'slow_down' };
    if (grant.answer === 'denied') return { kind: 'denied' };
    if (grant.answer === 'pending' || grant.seller === null) return { kind: 'pending' };
    grant.answer = 'used';
    return { kind: 'approved', grant, seller: grant.seller };
  }

  #isOver(grant: DeviceGrant): boolean {
    return grant.answer === 'used' || grant.expiresAtMs <= this.#clock.nowMs();
  }

  /** Notes the poll: the next one is measured from here, whatever this one is told. */
  #isTooFast(grant: DeviceGrant): boolean {
    const nowMs = this.#clock.nowMs();
    const earliestMs = (grant.polledAtMs ?? 0) + this.#settings.deviceIntervalSeconds * 1_000 - PUNCTUALITY_MS;
    grant.polledAtMs = nowMs;
    return nowMs < earliestMs;
  }
}
