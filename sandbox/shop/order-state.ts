import { hashOf } from '../random.js';
import type { Order } from './order.js';
import type { LivedStep, StepKind } from './steps.js';

/** Where an order stands after some of its steps; times are milliseconds on the sandbox's clock. */
export interface OrderState {
  status: string;
  fulfilment: string;
  sent: 'NONE' | 'SOME' | 'ALL';
  updatedAtMs: number;
  revision: string;
  fills: number;
  readyAtMs: number | null;
  settledAtMs: number | null;
  cancelledAtMs: number | null;
  addressModifiedAtMs: number | null;
  surchargedAtMs: readonly number[];
  codBookedAtMs: number | null;
  noted: boolean;
}

type Effect = (state: OrderState, step: LivedStep) => void;

const ALL_SENT: ReadonlySet<string> = new Set(['SENT', 'READY_FOR_PICKUP', 'PICKED_UP', 'RETURNED']);

const cancel: Effect = (state, step) => {
  state.status = 'CANCELLED';
  state.cancelledAtMs = step.atMs;
};

const nothing: Effect = () => undefined;

const EFFECTS: Readonly<Record<StepKind, Effect>> = {
  buy: nothing,
  fill: (state) => {
    if (state.status === 'BOUGHT') state.status = 'FILLED_IN';
    state.fills += 1;
  },
  pay: (state, step) => {
    state.status = 'READY_FOR_PROCESSING';
    state.readyAtMs = step.atMs;
  },
  settle: (state, step) => {
    state.settledAtMs = step.atMs;
  },
  surcharge: (state, step) => {
    state.surchargedAtMs = [...state.surchargedAtMs, step.atMs];
  },
  cancel,
  'auto-cancel': cancel,
  fulfil: (state, step) => {
    state.fulfilment = step.status ?? 'PROCESSING';
    if (ALL_SENT.has(state.fulfilment)) state.sent = 'ALL';
  },
  waybill: (state) => {
    state.sent = 'SOME';
  },
  'modify-address': (state, step) => {
    state.addressModifiedAtMs = step.atMs;
  },
  merge: nothing,
  'cod-booked': (state, step) => {
    state.codBookedAtMs = step.atMs;
  },
  note: (state) => {
    state.noted = true;
  },
};

/** Seller-side steps leave `updatedAt` alone: only events tell of them (allegro-api#11331). */
const SILENT: ReadonlySet<StepKind> = new Set(['fulfil', 'waybill', 'note']);

/** A revision two unrelated orders share now and then: it is opaque and not unique. */
const SHARED_REVISION = 'bd4d65cd';

export function revisionOf(order: Order, steps: number): string {
  const hash = hashOf(order.key, 'revision', steps);
  return steps === 3 && hash % 100 === 0 ? SHARED_REVISION : hash.toString(16).padStart(8, '0');
}

/** The state as it is now, kept until the next step: list queries ask it of every order. */
export function currentState(order: Order): OrderState {
  if (order.current?.steps !== order.lived.length) {
    order.current = { steps: order.lived.length, state: stateOf(order, order.lived.length) };
  }
  return order.current.state;
}

/** The state after the first `steps` steps of an order's life. */
export function stateOf(order: Order, steps: number): OrderState {
  const state: OrderState = {
    status: 'BOUGHT',
    fulfilment: 'NEW',
    sent: 'NONE',
    updatedAtMs: order.boughtAtMs,
    revision: revisionOf(order, steps),
    fills: 0,
    readyAtMs: null,
    settledAtMs: null,
    cancelledAtMs: null,
    addressModifiedAtMs: null,
    surchargedAtMs: [],
    codBookedAtMs: null,
    noted: false,
  };
  for (const step of order.lived.slice(0, steps)) {
    EFFECTS[step.kind](state, step);
    if (!SILENT.has(step.kind)) state.updatedAtMs = step.atMs;
  }
  return state;
}
