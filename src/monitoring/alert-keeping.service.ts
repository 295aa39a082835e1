import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { Settings } from '../platform/settings/settings.service.js';
import { AlertWebhook } from './alert-webhook.client.js';
import { alertStep, type AlertStep, type Hysteresis } from './alert-rule.js';
import { Alerts } from './alerts.read-model.js';
import { addAlert, closeAlert, forgetAlert, type LiveAlert, liveAlerts, lockLooking, noteTold, saveAlert } from './alerts.store.js';
import type { Finding } from './findings.js';
import { HYSTERESIS_SETTINGS } from './monitoring.settings.js';

const nameOf = ({ kind, accountId, subject }: Pick<LiveAlert, 'kind' | 'accountId' | 'subject'>) => `${kind}:${accountId ?? ''}:${subject}`;

interface Change {
  readonly state: 'open' | 'close';
  readonly kind: string;
  readonly accountId: string | null;
  readonly detail: string;
}

/** Opens and closes alerts by what looks find, and tells each change: as log line always, by POST where an address is set. */
@Injectable()
export class AlertKeeping {
  private readonly logger = new Logger('alerts');

  private readonly hysteresis: () => Hysteresis;

  constructor(
    private readonly database: Database,
    private readonly alerts: Alerts,
    private readonly webhook: AlertWebhook,
    settings: Settings,
  ) {
    this.hysteresis = settings.liveGroup(HYSTERESIS_SETTINGS);
  }

  /** Counts one look for every alert; another process at it at the same moment: none. */
  async count(findings: readonly Finding[]): Promise<void> {
    const changes = await this.database.transaction(async (tx) => ((await lockLooking(tx)) ? this.countIn(tx, findings) : []));
    for (const change of changes) this.log(change);
  }

  /** Sends what nobody was told yet. What the receiver does not take stays owed: its outage is none of this service. */
  async tell(signal: AbortSignal): Promise<void> {
    for (const alert of await this.alerts.untold()) {
      try {
        await this.webhook.send(alert, signal);
      } catch (error) {
        this.logger.warn('the receiver of alerts did not take one; it is sent again', { alert: alert.id }, error);
        return;
      }
      await this.database.transaction((tx) => noteTold(tx, alert.id, alert.state));
    }
  }

  private async countIn(tx: Transaction, findings: readonly Finding[]): Promise<Change[]> {
    const live = new Map((await liveAlerts(tx)).map((alert) => [nameOf(alert), alert]));
    const found = new Map(findings.map((finding) => [nameOf(finding), finding]));
    const hysteresis = this.hysteresis();
    const changes: Change[] = [];
    for (const name of new Set([...found.keys(), ...live.keys()])) {
      const [alert, finding] = [live.get(name) ?? null, found.get(name) ?? null];
      const step = alertStep(alert, finding !== null, hysteresis);
      await this.apply(tx, { alert, finding, step });
      const what = finding ?? alert;
      if (what && (step.kind === 'open' || step.kind === 'close'))
        changes.push({ state: step.kind, kind: what.kind, accountId: what.accountId, detail: what.detail });
    }
    return changes;
  }

  private async apply(tx: Transaction, { alert, finding, step }: { alert: LiveAlert | null; finding: Finding | null; step: AlertStep }): Promise<void> {
    if (alert) await change(tx, alert.id, { step, finding });
    else if (finding && (step.kind === 'keep' || step.kind === 'open')) await addAlert(tx, finding, step.next);
  }

  private log({ state, kind, accountId, detail }: Change): void {
    const fields = { kind, ...(accountId === null ? {} : { account: accountId }) };
    if (state === 'open') this.logger.error(`alert: ${detail}`, fields);
    else this.logger.log(`alert is over: ${detail}`, fields);
  }
}

async function change(tx: Transaction, id: string, { step, finding }: { step: AlertStep; finding: Finding | null }): Promise<void> {
  if (step.kind === 'forget') await forgetAlert(tx, id);
  if (step.kind === 'close') await closeAlert(tx, id);
  if (step.kind === 'keep' || step.kind === 'open') await saveAlert(tx, id, step.next, finding);
}
