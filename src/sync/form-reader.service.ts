import { Injectable } from '@nestjs/common';
import { AllegroProblem } from '../allegro/allegro.errors.js';
import type { JsonObject } from '../core/json.js';
import type { FormReading } from '../orders/record-batch.js';
import { FORMS_PER_PAGE } from './history-windows.js';
import { isOutage, type OwedForm, owedBy } from './owed-form.js';
import { OrderSource } from './order-source.service.js';
import type { SyncSession } from './sync-session.js';

/** From so many orders on, pages of the list (100 forms a request) are cheaper than single requests. */
const BURST = 25;
/** Pages read in a burst beyond those the orders would fill; what is not among them is asked for one by one. */
const SPARE_PAGES = 2;
/** Single forms asked for at the same time: Allegro slows down users who ask for more. */
const PARALLEL_READS = 4;

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
  async read(session: SyncSession, orderIds: readonly string[], since: Date): Promise<ReadForms> {
    const wanted = new Set(orderIds);
    const found = wanted.size >= BURST ? await this.readPages(session, wanted, since) : [];
    for (const reading of found) wanted.delete(idOf(reading.form));
    const singles = await this.readSingly(session, [...wanted]);
    return { found: [...found, ...singles.found], owed: singles.owed };
  }

  private async readPages(session: SyncSession, wanted: ReadonlySet<string>, since: Date): Promise<FormReading[]> {
    const found = new Map<string, FormReading>();
    const mostPages = Math.ceil(wanted.size / FORMS_PER_PAGE) + SPARE_PAGES;
    for (let page = 0; page < mostPages && found.size < wanted.size; page += 1) {
      const { value, observedAt, traceId } = await this.source.formsUpdated(session, since, page * FORMS_PER_PAGE);
      for (const form of value.forms) if (wanted.has(idOf(form))) found.set(idOf(form), { form, observedAt, traceId });
      if (value.forms.length < FORMS_PER_PAGE) break;
    }
    return [...found.values()];
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
      else result.owed.push({ orderId, reason: 'missing', error: 'Allegro does not know this order (any more).', allegroStatus: 404, traceId });
    } catch (error) {
      if (!(error instanceof AllegroProblem)) throw error;
      const owed = owedBy(orderId, error);
      if (!owed || isOutage(result.owed, result.found.length)) throw error;
      result.owed.push(owed);
    }
  }
}

function idOf(form: JsonObject): string {
  return typeof form.id === 'string' ? form.id.toLowerCase() : '';
}
