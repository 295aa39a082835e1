import { Injectable } from '@nestjs/common';
import { orderOf } from './form-entry.js';
import { boughtAt } from './history-windows.js';
import { FormReader } from './form-reader.service.js';
import { Landing } from './landing.service.js';
import { MergedForms } from './merged-forms.service.js';
import type { OpenCertificate } from './certificates.store.js';
import { SweepNotes } from './sweep-notes.service.js';
import type { SyncSession } from './sync-session.js';

/** Below the number from which forms are read by pages: these orders are exactly those the pages do not show. */
const LOOKS_AT_ONCE = 20;

export interface Looked {
  /** Orders Allegro answered by themselves, with the purchase its list goes by. */
  readonly found: readonly { readonly orderId: string; readonly boughtAt: Date | null }[];
  /** Orders whose form could not be had, other than with 404. */
  readonly unreadable: readonly string[];
  /** Orders that are gone and were not replaced by another one. */
  readonly gone: readonly string[];
  readonly requests: number;
}

interface Swept {
  readonly session: SyncSession;
  readonly certificate: OpenCertificate;
}

/** Looks one by one at orders that Allegro's list does not show. */
@Injectable()
export class SweepLooks {
  constructor(
    private readonly reader: FormReader,
    private readonly landing: Landing,
    private readonly merged: MergedForms,
    private readonly notes: SweepNotes,
  ) {}

  /** Orders we hold: the gone ones are linked to what replaced them, or named. */
  async at(swept: Swept, orderIds: readonly string[]): Promise<Looked> {
    const looked = await this.read(swept, orderIds, false);
    await this.notes.named(swept.certificate.id, looked.gone, 'gone');
    return looked;
  }

  /** Orders the journal announced and whose form never landed: what cannot be had now stays owed, and is named. */
  async atAnnounced(swept: Swept, orderIds: readonly string[]): Promise<Looked> {
    const looked = await this.read(swept, orderIds, true);
    await this.notes.named(swept.certificate.id, looked.gone, 'announced');
    return looked;
  }

  private async read(swept: Swept, orderIds: readonly string[], owes: boolean): Promise<Looked> {
    const found: { orderId: string; boughtAt: Date | null }[] = [];
    const unreadable: string[] = [];
    const missing: string[] = [];
    for (let start = 0; start < orderIds.length; start += LOOKS_AT_ONCE) {
      const part = await this.readPart(swept, orderIds.slice(start, start + LOOKS_AT_ONCE), owes);
      found.push(...part.found);
      unreadable.push(...part.unreadable);
      missing.push(...part.missing);
    }
    const replaced = new Set(await this.merged.link(swept.session, missing));
    await this.notes.named(swept.certificate.id, unreadable, 'rejected');
    return { found, unreadable, gone: missing.filter((orderId) => !replaced.has(orderId)), requests: orderIds.length };
  }

  private async readPart({ session, certificate }: Swept, orderIds: readonly string[], owes: boolean) {
    const forms = await this.reader.read(session, { orderIds, lineItemIds: [] }, new Date());
    const missing = forms.owed.filter(({ reason }) => reason === 'missing');
    const broken = forms.owed.filter(({ reason }) => reason !== 'missing');
    // A form we hold already is not owed because Allegro has forgotten it.
    const owed = owes ? forms.owed : broken;
    await this.landing.land(session, { journal: [], forms: forms.found, owed, cursor: null }, (tx, recorded) =>
      this.notes.recorded(tx, certificate.id, recorded),
    );
    const found = forms.found.map(({ form }) => ({ orderId: orderOf(form), boughtAt: boughtAt(form) })).filter(({ orderId }) => orderId !== '');
    await this.notes.notLanded(
      session.accountId,
      certificate,
      found.map(({ orderId }) => orderId),
    );
    return { found, unreadable: broken.map(({ orderId }) => orderId), missing: missing.map(({ orderId }) => orderId) };
  }
}
