import { parseLife, type Step } from './steps.js';

/** The ways an order can go, after it was bought. `merge` ends a purchase that another form replaces. */
const TEXTS = {
  bought: '',
  filled: 'fill',
  refilled: 'fill fill',
  ready: 'fill pay',
  processing: 'fill pay fulfil:PROCESSING',
  readyForShipment: 'fill pay fulfil:PROCESSING fulfil:READY_FOR_SHIPMENT',
  partlySent: 'fill pay fulfil:PROCESSING waybill',
  sent: 'fill pay fulfil:PROCESSING fulfil:SENT',
  completed: 'fill pay fulfil:PROCESSING fulfil:READY_FOR_SHIPMENT fulfil:SENT fulfil:PICKED_UP',
  pickupReady: 'fill pay fulfil:PROCESSING fulfil:READY_FOR_PICKUP',
  returned: 'fill pay fulfil:PROCESSING fulfil:SENT fulfil:PICKED_UP fulfil:RETURNED',
  suspended: 'fill pay fulfil:SUSPENDED',
  sellerCancelled: 'fill pay fulfil:CANCELLED',
  codBooked: 'fill pay fulfil:PROCESSING fulfil:SENT fulfil:PICKED_UP cod-booked',
  cancelledUnfilled: 'cancel',
  autoCancelled: 'fill auto-cancel',
  cancelledUnpaid: 'fill cancel',
  cancelledPaid: 'fill pay cancel',
  cancelledInProcess: 'fill pay cancel fulfil:CANCELLED',
  addressModified: 'fill pay modify-address fulfil:PROCESSING fulfil:SENT',
  surcharged: 'fill pay surcharge fulfil:PROCESSING fulfil:SENT',
  settled: 'fill pay settle fulfil:PROCESSING fulfil:SENT',
  noted: 'fill pay note fulfil:PROCESSING',
  newStatus: 'fill pay fulfil:CUSTOMS_CHECK',
  mergedAway: 'fill merge',
  mergedAwayEarly: 'merge',
  afterMerge: 'pay fulfil:PROCESSING fulfil:SENT',
} as const;

export type LifeName = keyof typeof TEXTS;

const parsed = new Map<string, readonly Step[]>(Object.entries(TEXTS).map(([name, text]) => [name, parseLife(text)]));

export function lifeOf(name: LifeName): readonly Step[] {
  return parsed.get(name) ?? [];
}
