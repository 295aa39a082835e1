import { listAt, objectAt, textAt, type JsonObject } from '../json.js';
import { hashOf, Random, unitOf } from '../random.js';

export const CORRUPTIONS = ['buyers', 'totals', 'foreign', 'lines', 'nothing', 'journal'] as const;

/** What a corrupted page has lost: its buyers, its totals, its own ids, half of the lines, or whole forms; or a journal whose pages hold no events too. */
export type CorruptionKind = (typeof CORRUPTIONS)[number];

interface Setting {
  readonly kind: CorruptionKind;
  readonly share: number;
}

const ALL_SELLERS = '*';

const SPOIL: Readonly<Record<Exclude<CorruptionKind, 'nothing' | 'journal'>, (form: JsonObject) => void>> = {
  buyers: (form) => {
    form['buyer'] = { id: '', email: '', login: '', guest: false, firstName: null, lastName: null, address: null };
  },
  totals: (form) => {
    const total = objectAt(objectAt(form, 'summary') ?? {}, 'totalToPay');
    if (total) total['amount'] = '0.00';
  },
  foreign: (form) => {
    const random = new Random('foreign', textAt(form, 'id'));
    form['id'] = random.uuid();
    for (const line of listAt(form, 'lineItems')) (line as JsonObject)['id'] = random.uuid();
  },
  lines: (form) => {
    const lines = listAt(form, 'lineItems');
    form['lineItems'] = lines.slice(0, Math.floor(lines.length / 2));
  },
};

/** Turns good forms bad on their way out, as an incident at Allegro would; the truth stays what it was. */
export class Corruption {
  readonly #settings = new Map<string, Setting>();

  /** `kind` null ends it; without a seller it concerns all of them. */
  set(kind: CorruptionKind | null, sellerId: string | null, share: number): void {
    const scope = sellerId ?? ALL_SELLERS;
    if (kind === null && sellerId === null) this.#settings.clear();
    else if (kind === null) this.#settings.delete(scope);
    else this.#settings.set(scope, { kind, share });
  }

  /** The form as text, spoilt when this seller's answers are; a spoilt one claims another revision. */
  apply(text: string, sellerId: string): string {
    const setting = this.#settings.get(sellerId) ?? this.#settings.get(ALL_SELLERS);
    if (!setting || setting.kind === 'journal') return text;
    const form = JSON.parse(text) as JsonObject;
    const id = textAt(form, 'id');
    if (unitOf('corrupt', id) >= setting.share) return text;
    if (setting.kind === 'nothing') return 'null';
    form['revision'] = hashOf('corrupt', id, setting.kind).toString(16).padStart(8, '0');
    SPOIL[setting.kind](form);
    return JSON.stringify(form);
  }

  /** A page of the journal; a damaged one begins with something that is no event, and its first event has lost its id. */
  applyToJournal(events: readonly JsonObject[], sellerId: string): (JsonObject | null)[] {
    const setting = this.#settings.get(sellerId) ?? this.#settings.get(ALL_SELLERS);
    const [first, ...others] = events;
    if (setting?.kind !== 'journal' || !first) return [...events];
    const { id: _, ...nameless } = first;
    return [null, nameless, ...others];
  }

  /** The seller named by this seller's events: a stranger while ids are foreign. */
  sellerIdOf(sellerId: string): string {
    const setting = this.#settings.get(sellerId) ?? this.#settings.get(ALL_SELLERS);
    return setting?.kind === 'foreign' ? `9${sellerId}` : sellerId;
  }
}
