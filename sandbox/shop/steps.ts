import { DAY_MS, HOUR_MS, MINUTE_MS } from './instants.js';

/** What can happen to an order after it was bought. */
export type StepKind =
  'buy' | 'fill' | 'pay' | 'settle' | 'surcharge' | 'cancel' | 'auto-cancel' | 'fulfil' | 'waybill' | 'modify-address' | 'merge' | 'cod-booked' | 'note';

export interface Step {
  readonly kind: StepKind;
  /** The seller's status, for `fulfil` only. */
  readonly status?: string;
}

/** A step that happened, at a time of the sandbox. */
export interface LivedStep extends Step {
  readonly atMs: number;
}

/** Which journal event a step writes; none for what Allegro keeps silent about. */
export const EVENT_OF_STEP: Readonly<Record<StepKind, string | null>> = {
  buy: 'BOUGHT',
  fill: 'FILLED_IN',
  pay: 'READY_FOR_PROCESSING',
  settle: 'READY_FOR_PROCESSING',
  surcharge: 'READY_FOR_PROCESSING',
  cancel: 'BUYER_CANCELLED',
  'auto-cancel': 'AUTO_CANCELLED',
  fulfil: 'FULFILLMENT_STATUS_CHANGED',
  waybill: null,
  'modify-address': 'BUYER_MODIFIED',
  merge: null,
  'cod-booked': null,
  note: null,
};

/** How long after the step before it a step comes, shortest and longest. Auto-cancel is Allegro's own 7 days. */
export const STEP_DELAY_MS: Readonly<Record<StepKind, readonly [number, number]>> = {
  buy: [0, 0],
  fill: [20_000, 10 * MINUTE_MS],
  pay: [15_000, 30 * MINUTE_MS],
  settle: [DAY_MS, 3 * DAY_MS],
  surcharge: [HOUR_MS, 12 * HOUR_MS],
  cancel: [10 * MINUTE_MS, 3 * HOUR_MS],
  'auto-cancel': [7 * DAY_MS, 7 * DAY_MS],
  fulfil: [HOUR_MS, 20 * HOUR_MS],
  waybill: [HOUR_MS, 5 * HOUR_MS],
  'modify-address': [5 * MINUTE_MS, 2 * HOUR_MS],
  merge: [5 * MINUTE_MS, HOUR_MS],
  'cod-booked': [DAY_MS, 3 * DAY_MS],
  note: [HOUR_MS, 3 * HOUR_MS],
};

/** Reads `fill pay fulfil:SENT` as the steps of a life. */
export function parseLife(text: string): readonly Step[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [kind, status] = word.split(':');
      return status === undefined ? { kind: kind as StepKind } : { kind: kind as StepKind, status };
    });
}
