import { isJsonObject, type JsonValue, mapMembers } from '../../core/json.js';
import { ERASED } from '../vault/personal-data.js';
import { foldedText } from './folded-text.js';
import { purchasedAt } from './purchase-time.js';

/** What betrays a buyer in a copy: found out from their orders before the keys of those were destroyed. */
export interface BuyerTraits {
  readonly ids: readonly string[];
  /** E-mail, login, phone and tax numbers, full names, companies, streets; never a bare first name or town. */
  readonly texts: readonly string[];
}

export interface ErasedOrder {
  readonly streamId: string;
  readonly orderId: string;
}

export interface Forgetting {
  readonly erasureId: string;
  readonly tenantId: string;
  readonly accountId: string;
  /** Purchases after it are new ones and are kept. */
  readonly until: Date;
  /** The orders whose keys were destroyed. */
  readonly orders: readonly ErasedOrder[];
}

/** A buyer of one seller whose data is to be removed from every copy. The traits stay inside, so that no log line can hold them. */
export class ForgottenBuyer {
  readonly erasureId: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly until: Date;
  readonly orders: readonly ErasedOrder[];
  readonly #ids: ReadonlySet<string>;
  readonly #texts: readonly string[];

  constructor(forgetting: Forgetting, traits: BuyerTraits) {
    this.erasureId = forgetting.erasureId;
    this.tenantId = forgetting.tenantId;
    this.accountId = forgetting.accountId;
    this.until = forgetting.until;
    this.orders = forgetting.orders;
    this.#ids = new Set(traits.ids);
    this.#texts = traits.texts.map(foldedText).filter((text) => text !== '');
  }

  get orderIds(): string[] {
    return this.orders.map(({ orderId }) => orderId);
  }

  get streamIds(): string[] {
    return this.orders.map(({ streamId }) => streamId);
  }

  /** Whether a text of ours (an error, a reason) holds something that betrays the buyer. */
  isNamedIn(text: string | null): boolean {
    if (text === null || text === '') return false;
    const folded = foldedText(text);
    return this.#texts.some((trait) => folded.includes(trait));
  }

  /** Whether a document (a form, a journal event, a stored answer) is about the buyer or names them anywhere; not a later purchase of theirs. */
  isIn(document: JsonValue): boolean {
    const bought = purchasedAt(document);
    if (bought !== null && bought > this.until) return false;
    return this.isBuyerOf(document) || this.isNamedIn(JSON.stringify(document));
  }

  /** The same value with every text that names the buyer replaced. */
  blotOut(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.isNamedIn(value) ? ERASED : value;
    if (Array.isArray(value)) return value.map((item) => this.blotOut(item));
    return isJsonObject(value) ? mapMembers(value, (_key, member) => this.blotOut(member)) : value;
  }

  private isBuyerOf(document: JsonValue): boolean {
    if (Array.isArray(document)) return document.some((item) => this.isBuyerOf(item));
    if (!isJsonObject(document)) return false;
    const { buyer } = document;
    if (isJsonObject(buyer) && typeof buyer['id'] === 'string' && this.#ids.has(buyer['id'])) return true;
    return Object.values(document).some((member) => this.isBuyerOf(member));
  }
}
