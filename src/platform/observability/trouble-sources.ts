import { Injectable } from '@nestjs/common';

/** Every kind of trouble a feature may see in itself; the monitoring makes alerts of them. */
export const TROUBLE_KINDS = ['webhook_disabled', 'journal_damaged', 'listing_damaged'] as const;

/** Something that is bad now. */
export interface Trouble {
  readonly kind: (typeof TROUBLE_KINDS)[number];
  readonly tenantId: string;
  /** Null concerns no single account. */
  readonly accountId: string | null;
  /** Tells it apart from others of its kind and account: an id, never a name or an address; empty where there is one at most. */
  readonly subject: string;
  readonly detail: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

/** A feature that knows what is wrong with it. */
export interface TroubleSource {
  /** All of it, now, in a bounded number of rows: what is absent is over. */
  troubles(): Promise<readonly Trouble[]>;
}

/** Features register in their constructors; the monitoring asks at each look, and knows none of them. */
@Injectable()
export class TroubleSources {
  private readonly registered: TroubleSource[] = [];

  register(source: TroubleSource): void {
    this.registered.push(source);
  }

  async troubles(): Promise<Trouble[]> {
    return (await Promise.all(this.registered.map((source) => source.troubles()))).flat();
  }
}
