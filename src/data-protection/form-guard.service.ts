import { Inject, Injectable } from '@nestjs/common';
import type { JsonValue } from '../core/json.js';
import { type BreakerVerdict, judgeBatch, type JudgedCounts } from './batch-breaker.js';
import { type JudgedReadings, judgeEvents, judgeForms, type KnownOrders } from './judge-readings.js';
import { PROTECTION_SETTINGS, type ProtectionSettings } from './protection-settings.js';

/** The rules about bad readings, with this installation's thresholds. */
@Injectable()
export class FormGuard {
  constructor(@Inject(PROTECTION_SETTINGS) private readonly settings: ProtectionSettings) {}

  get windowMinutes(): number {
    return this.settings.breaker.windowMinutes;
  }

  /** Unknown forms of a listing from which on it is worth asking what we hold of the same days. */
  get leastUnknown(): number {
    return this.settings.listing.leastUnknown;
  }

  forms<T extends { readonly form: JsonValue }>(readings: readonly T[], known: KnownOrders): JudgedReadings<T> {
    return judgeForms(readings, known, this.settings);
  }

  events<T extends { readonly event: JsonValue }>(readings: readonly T[], sellerId: string | null): JudgedReadings<T> {
    return judgeEvents(readings, sellerId);
  }

  /** @param window what the account's batches of the last `windowMinutes` came to */
  verdict(batch: JudgedCounts, window: JudgedCounts): BreakerVerdict {
    return judgeBatch(batch, window, this.settings.breaker);
  }
}
