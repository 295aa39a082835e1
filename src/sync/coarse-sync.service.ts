import { Injectable } from '@nestjs/common';
import { HistoryImport } from './history-import.service.js';
import { wholeHistory } from './history-windows.js';
import { MergedForms } from './merged-forms.service.js';
import { saveResumePoint } from './sync-runs.store.js';
import type { SyncSession } from './sync-session.js';

export interface CoarseRequest {
  /** Purchases from this instant on; null means all Allegro lists. */
  readonly from: Date | null;
  readonly onProgress?: (fraction: number) => Promise<void>;
}

/** Reads checkout forms by date of purchase beside the journal; does not touch the journal's cursor. */
@Injectable()
export class CoarseSync {
  constructor(
    private readonly history: HistoryImport,
    private readonly merged: MergedForms,
  ) {}

  async run(session: SyncSession, request: CoarseRequest): Promise<void> {
    const whole = wholeHistory(new Date());
    // Older purchases cannot be listed, and a start in the future would be an empty question.
    const from = new Date(Math.min(Math.max(request.from?.getTime() ?? 0, whole.from.getTime()), whole.to.getTime()));
    await this.history.import(session, { from, to: whole.to }, (tx, until) => saveResumePoint(tx, session.runId, until), request.onProgress);
    if (session.tally.changedAnything) await this.merged.link(session);
  }
}
