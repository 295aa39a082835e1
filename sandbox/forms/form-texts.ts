import type { FaultPlan } from '../faults/fault-plan.js';
import type { JsonObject } from '../json.js';
import { stateOf } from '../shop/order-state.js';
import type { Order } from '../shop/order.js';
import { applyNulls } from './nulls.js';
import { renderForm } from './render-form.js';

/** Rendered forms kept at once: at about 3.5 kB each some 50 MB, far more than one sync reads twice. */
const KEPT_TEXTS = 15_000;

interface Kept {
  readonly steps: number;
  readonly text: string;
}

/** Forms as JSON text, rendered when asked for and kept while they are in use. */
export class FormTexts {
  readonly #faults: FaultPlan;
  readonly #kept = new Map<Order, Kept>();

  constructor(faults: FaultPlan) {
    this.#faults = faults;
  }

  /** The form after that many of its steps. */
  form(order: Order, steps: number): JsonObject {
    const form = renderForm(order, stateOf(order, steps));
    if (this.#faults.strikes('nulls', order.key)) applyNulls(form, order);
    return form;
  }

  /** The truth: the form after everything that has happened. */
  current(order: Order): string {
    return this.text(order, order.lived.length);
  }

  text(order: Order, steps: number): string {
    const kept = this.#kept.get(order);
    if (kept?.steps === steps) return kept.text;
    const text = JSON.stringify(this.form(order, steps));
    this.#kept.delete(order);
    this.#kept.set(order, { steps, text });
    if (this.#kept.size > KEPT_TEXTS) this.#forgetOldest();
    return text;
  }

  /** To be called when the faults change: they shape the forms. */
  clear(): void {
    this.#kept.clear();
  }

  #forgetOldest(): void {
    const oldest = this.#kept.keys().next();
    if (!oldest.done) this.#kept.delete(oldest.value);
  }
}
