import { Inject, Injectable } from '@nestjs/common';
import type { JsonObject, JsonValue } from '../core/json.js';
import type { Secret } from '../core/secret.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { AllegroProblem, type AnswerBody } from './allegro.errors.js';
import { AllegroTransport } from './allegro-transport.js';
import type { Answered, CallContext, Purpose } from './call-context.js';
import {
  readEvents,
  readForm,
  readForms,
  readLatestEvent,
  readShipments,
  readUser,
  requestedOrderId,
  type AllegroUser,
  type FormsPage,
  type LatestEvent,
} from './order-answers.js';

export interface EventsQuery {
  /** Exclusive; without it the oldest events that Allegro keeps. */
  readonly from?: string;
  /** 1 to 1000. */
  readonly limit: number;
}

export interface FormsQuery {
  /** `offset + limit` beyond 10,000 is rejected by Allegro. */
  readonly offset: number;
  /** 1 to 100. */
  readonly limit: number;
  readonly boughtAtGte?: Date;
  readonly boughtAtLte?: Date;
  readonly updatedAtGte?: Date;
  readonly updatedAtLte?: Date;
  readonly sort?: 'lineItems.boughtAt' | '-lineItems.boughtAt' | 'updatedAt' | '-updatedAt';
}

export type FormAnswer = { readonly kind: 'found'; readonly form: JsonObject } | { readonly kind: 'missing'; readonly answer: AnswerBody | null };

interface Question<T> {
  readonly purpose: Purpose;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | Date | undefined>>;
  readonly read: (json: JsonValue) => T;
}

const ACCEPT = 'application/vnd.allegro.public.v1+json';

/** Reads of a seller's orders. Access tokens are arguments and never kept. Every call throws AllegroProblem, and only that. */
@Injectable()
export class AllegroOrdersClient {
  readonly #apiUrl: string;

  constructor(
    private readonly transport: AllegroTransport,
    @Inject(CONFIGURATION) config: Configuration,
  ) {
    this.#apiUrl = config.allegro.apiUrl.replace(/\/+$/, '');
  }

  /** Whose token this is: GET /me. */
  me(accessToken: Secret, call: CallContext): Promise<Answered<AllegroUser>> {
    return this.#ask(accessToken, call, { purpose: 'me', path: '/me', read: readUser });
  }

  /** A page of the journal as it came, lowest id first: GET /order/events. */
  events(accessToken: Secret, query: EventsQuery, call: CallContext): Promise<Answered<JsonValue[]>> {
    return this.#ask(accessToken, call, { purpose: 'events', path: '/order/events', query: { ...query }, read: readEvents });
  }

  /** The end of the journal, null when it is empty: GET /order/event-stats. */
  latestEvent(accessToken: Secret, call: CallContext): Promise<Answered<LatestEvent | null>> {
    return this.#ask(accessToken, call, { purpose: 'events', path: '/order/event-stats', read: readLatestEvent });
  }

  /** A page of checkout forms as they came: GET /order/checkout-forms. Times are instants, both bounds inclusive. */
  forms(accessToken: Secret, query: FormsQuery, call: CallContext): Promise<Answered<FormsPage>> {
    const parameters = {
      offset: query.offset,
      limit: query.limit,
      'lineItems.boughtAt.gte': query.boughtAtGte,
      'lineItems.boughtAt.lte': query.boughtAtLte,
      'updatedAt.gte': query.updatedAtGte,
      'updatedAt.lte': query.updatedAtLte,
      sort: query.sort,
    };
    return this.#ask(accessToken, call, { purpose: 'orders', path: '/order/checkout-forms', query: parameters, read: readForms });
  }

  /** One checkout form; `missing` when Allegro itself says 404 (merged, deleted or another account's), not when its edge does. */
  async form(accessToken: Secret, orderId: string, call: CallContext): Promise<Answered<FormAnswer>> {
    const id = requestedOrderId(orderId);
    const path = `/order/checkout-forms/${encodeURIComponent(id)}`;
    const read = (json: JsonValue): FormAnswer => ({ kind: 'found', form: readForm(json, id) });
    try {
      return await this.#ask(accessToken, call, { purpose: 'orders', path, read });
    } catch (error) {
      if (!(error instanceof AllegroProblem) || error.kind !== 'rejected' || error.allegroStatus !== 404) throw error;
      return { value: { kind: 'missing', answer: error.answer }, traceId: error.traceId, observedAt: new Date() };
    }
  }

  /** The parcels of an order as Allegro answered them: GET /order/checkout-forms/{id}/shipments. */
  shipments(accessToken: Secret, orderId: string, call: CallContext): Promise<Answered<JsonObject>> {
    const path = `/order/checkout-forms/${encodeURIComponent(requestedOrderId(orderId))}/shipments`;
    return this.#ask(accessToken, call, { purpose: 'shipments', path, read: readShipments });
  }

  #ask<T>(accessToken: Secret, call: CallContext, question: Question<T>): Promise<Answered<T>> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(question.query ?? {})) {
      if (value !== undefined) parameters.append(name, value instanceof Date ? value.toISOString() : String(value));
    }
    const query = parameters.size > 0 ? `?${parameters.toString()}` : '';
    return this.transport.send({
      purpose: question.purpose,
      method: 'GET',
      url: `${this.#apiUrl}${question.path}${query}`,
      headers: { Accept: ACCEPT, Authorization: `Bearer ${accessToken.reveal()}` },
      call,
      read: question.read,
    });
  }
}
