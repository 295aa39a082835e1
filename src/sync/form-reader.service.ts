import { Injectable } from '@nestjs/common';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import type { FormReading } from '../orders/record-batch.js';
import { lineItemIds } from './drain.js';
import { orderOf } from './form-entry.js';
import { FORMS_PER_PAGE } from './history-windows.js';
import { isOutage, keptAnswer, type OwedForm, owedBy } from './owed-form.js';
import { OrderSource } from './order-source.service.js';
import type { SyncSession } from './sync-session.js';

/** From so many orders on, pages of the list (100 forms a request) are cheaper than single requests. */
const BURST = 25;
/** Pages read in a burst beyond those the orders would fill; what is not among them is asked for one by one. */
const SPARE_PAGES = 2;
/** Single forms asked for at the same time: Allegro slows down users who ask for more. */
const PARALLEL_READS = 4;

/** Which forms to read: of these orders, and those that hold these line items (of events that name no order). */
export interface WantedForms {
  readonly orderIds: readonly string[];
  readonly lineItemIds: readonly string[];
}

export interface ReadForms {
  readonly found: FormReading[];
  readonly owed: OwedForm[];
}

/** Reads the forms of orders that changed, each once; one bad order never stops the others. */
@Injectable()
export class FormReader {
  constructor(private readonly source: OrderSource) {}

  /**
   * @param since no change of these orders is older, by Allegro's clock
   * @throws AllegroProblem when Allegro or the account, not single orders, is the trouble: then nothing is known
   */
  async read(session: SyncSession, wanted: WantedForms, since: Date): Promise<ReadForms> {
    const byPages = wanted.orderIds.length >= BURST || wanted.lineItemIds.length > 0;
    const found = byPages ? await this.readPages(session, wanted, since) : new Map<string, FormReading>();
    const singles = await this.readSingly(
      session,
      wanted.orderIds.filter((orderId) => !found.has(orderId)),
    );
    return { found: [...found.values(), ...singles.found], owed: singles.owed };
  }

  private async readPages(session: SyncSession, wanted: WantedForms, since: Date): Promise<Map<string, FormReading>> {
    const orders = new Set(wanted.orderIds);
    const items = new Set(wanted.lineItemIds);
    const found = new Map<string, FormReading>();
    const mostPages = Math.ceil((orders.size + items.size) / FORMS_PER_PAGE) + SPARE_PAGES;
    for (let page = 0; page < mostPages; page += 1) {
      const { value, observedAt, traceId } = await this.source.formsUpdated(session, since, page * FORMS_PER_PAGE);
      for (const form of formsOf(value.forms, items.size > 0, traceId)) {
        if (orders.has(orderOf(form)) || lineItemIds(form).some((item) => items.has(item))) found.set(orderOf(form), { form, observedAt, traceId });
      }
      if (value.forms.length < FORMS_PER_PAGE || (items.size === 0 && found.size === orders.size)) break;
    }
    return found;
  }

  private async readSingly(session: SyncSession, orderIds: readonly string[]): Promise<ReadForms> {
    const result: { found: FormReading[]; owed: OwedForm[] } = { found: [], owed: [] };
    const queue = [...orderIds];
    const worker = async (): Promise<void> => {
      for (let orderId = queue.shift(); orderId !== undefined; orderId = queue.shift()) await this.readOne(session, orderId, result);
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL_READS, queue.length) }, worker));
    return result;
  }

  private async readOne(session: SyncSession, orderId: string, result: { found: FormReading[]; owed: OwedForm[] }): Promise<void> {
    try {
      const { value, observedAt, traceId } = await this.source.form(session, orderId);
      if (value.kind === 'found') result.found.push({ form: value.form, observedAt, traceId });
      else
        result.owed.push({
          orderId,
          reason: 'missing',
          error: 'Allegro does not know this order (any more).',
          allegroStatus: 404,
          traceId,
          ...keptAnswer(value.answer),
        });
    } catch (error) {
      if (!(error instanceof AllegroProblem)) throw error;
      const owed = owedBy(orderId, error);
      if (!owed || isOutage(result.owed, result.found.length)) throw error;
      result.owed.push(owed);
    }
  }
}

/**
 * What is no form is left out where orders were asked for: those not found are read one by one. A line item is found in the list or nowhere.
 * @throws AllegroProblem malformed, where one of the entries may have been the line item's
 */
function formsOf(entries: readonly JsonValue[], mayHideItems: boolean, traceId: string | null): JsonObject[] {
  const forms = entries.filter(isJsonObject);
  if (mayHideItems && forms.length < entries.length) {
    const detail = 'The list of checkoutForms holds something else.';
    throw new AllegroProblem({ kind: 'malformed', blame: 'allegro', detail, allegroStatus: 200, traceId });
  }
  return forms;
}
