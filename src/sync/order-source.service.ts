import { Injectable } from '@nestjs/common';
import { AllegroOrdersClient, type FormAnswer } from '../allegro/allegro-orders.client.js';
import type { Answered, CallContext } from '../allegro/call-context.js';
import type { Secret } from '../core/secret.js';
import type { JsonObject, JsonValue } from '../core/json.js';
import { type EffectName, EffectSeam } from '../platform/effects/effect-seam.js';
import { Tokens } from '../tokens/tokens.service.js';
import { EVENTS_PER_PAGE } from './drain.js';
import { FORMS_PER_PAGE, type Window } from './history-windows.js';
import type { SyncSession } from './sync-session.js';

type Asker = Pick<SyncSession, 'accountId' | 'tokenId' | 'share' | 'signal'>;

export interface FormsPage {
  readonly forms: JsonValue[];
  readonly totalCount: number;
}

/** Allegro's orders as one run of a sync may ask for them: with the leader's token, its share of the budget, and only while it may run. */
@Injectable()
export class OrderSource {
  constructor(
    private readonly client: AllegroOrdersClient,
    private readonly tokens: Tokens,
    private readonly effects: EffectSeam,
  ) {}

  async latestEvent(asker: Asker): Promise<Answered<{ id: string } | null>> {
    return this.ask('allegro.latest_event', asker, (access, call) => this.client.latestEvent(access, call));
  }

  /** The journal events behind `from`, oldest first; without `from` the oldest Allegro keeps. */
  async events(asker: Asker, from: string | null): Promise<Answered<JsonValue[]>> {
    const page = from === null ? { limit: EVENTS_PER_PAGE } : { from, limit: EVENTS_PER_PAGE };
    return this.ask('allegro.events', asker, (access, call) => this.client.events(access, page, call));
  }

  /** Forms bought within the window, oldest purchase first. */
  async formsBought(asker: Asker, window: Window, offset: number): Promise<Answered<FormsPage>> {
    const question = { offset, limit: FORMS_PER_PAGE, boughtAtGte: window.from, boughtAtLte: window.to, sort: 'lineItems.boughtAt' } as const;
    return this.ask('allegro.forms', asker, (access, call) => this.client.forms(access, question, call));
  }

  /** Forms changed by the buyer since `since`, latest change first. */
  async formsUpdated(asker: Asker, since: Date, offset: number): Promise<Answered<FormsPage>> {
    const question = { offset, limit: FORMS_PER_PAGE, updatedAtGte: since, sort: '-updatedAt' } as const;
    return this.ask('allegro.forms', asker, (access, call) => this.client.forms(access, question, call));
  }

  async form(asker: Asker, orderId: string): Promise<Answered<FormAnswer>> {
    return this.ask('allegro.form', asker, (access, call) => this.client.form(access, orderId, call));
  }

  /** The parcels of an order. */
  async shipments(asker: Asker, orderId: string): Promise<Answered<JsonObject>> {
    return this.ask('allegro.shipments', asker, (access, call) => this.client.shipments(access, orderId, call));
  }

  private async ask<T>(effect: EffectName, asker: Asker, request: (access: Secret, call: CallContext) => Promise<T>): Promise<T> {
    const call: CallContext = { accountKey: asker.accountId, share: asker.share, signal: asker.signal };
    return this.effects.perform(effect, () =>
      this.tokens.withAccessToken(asker.tokenId, (access) => {
        asker.signal.throwIfAborted();
        return request(access, call);
      }),
    );
  }
}
