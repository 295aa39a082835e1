import { Injectable } from '@nestjs/common';
import type { JsonValue } from '../core/json.js';
import { Settings } from '../platform/settings/settings.service.js';
import { type BreakerVerdict, judgeBatch, type JudgedCounts } from './batch-breaker.js';
import { type JudgedReadings, judgeEvents, judgeForms, type KnownOrders } from './judge-readings.js';
import { BREAKER_SETTINGS, GUARD_SETTINGS } from './protection.settings.js';
import { type BreakerSettings, DEFAULT_PROTECTION, type GuardSettings } from './protection-thresholds.js';

/** The rules about bad readings, with this installation's thresholds as they are now. */
@Injectable()
export class FormGuard {
  private readonly guard: () => GuardSettings;
  private readonly breaker: () => BreakerSettings;
  /** Unknown forms of a listing from which on it is worth asking what we hold of the same days. */
  readonly leastUnknown = DEFAULT_PROTECTION.listing.leastUnknown;

  constructor(settings: Settings) {
    this.guard = settings.liveGroup(GUARD_SETTINGS);
    this.breaker = settings.liveGroup(BREAKER_SETTINGS);
  }

  get windowMinutes(): number {
    return this.breaker().windowMinutes;
  }

  forms<T extends { readonly form: JsonValue }>(readings: readonly T[], known: KnownOrders): JudgedReadings<T> {
    return judgeForms(readings, known, { guard: this.guard(), listing: DEFAULT_PROTECTION.listing });
  }

  events<T extends { readonly event: JsonValue }>(readings: readonly T[], sellerId: string | null): JudgedReadings<T> {
    return judgeEvents(readings, sellerId);
  }

  /** @param window what the account's batches of the last `windowMinutes` came to */
  verdict(batch: JudgedCounts, window: JudgedCounts): BreakerVerdict {
    return judgeBatch(batch, window, this.breaker());
  }
}
