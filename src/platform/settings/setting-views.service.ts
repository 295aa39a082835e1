import { Injectable } from '@nestjs/common';
import { SettingChanges } from './setting-changes.service.js';
import type { SettingPlace } from './setting-changes.store.js';
import { flawOf, isAccepted, type Setting } from './setting.js';
import type { InstallationSettingView, SettingHistoryView, SettingView, TenantSettingView } from './settings.dto.js';
import { Settings } from './settings.service.js';
import { type SaidOfSetting, SettingsReadModel } from './settings.read-model.js';

/** Settings as operators read them: what holds, from where, and who said so. Read from the database, not from the memory of this process. */
@Injectable()
export class SettingViews {
  constructor(
    private readonly settings: Settings,
    private readonly changes: SettingChanges,
    private readonly readModel: SettingsReadModel,
  ) {}

  async ofInstallation(): Promise<InstallationSettingView[]> {
    const [said, counts] = await Promise.all([this.readModel.of(null), this.readModel.tenantCounts()]);
    return this.settings.catalogue.map((setting) => ({
      ...this.view(setting, said.get(setting.name), { source: 'set', otherwise: { value: this.settings.defaultOf(setting), source: 'default' } }),
      tenants: counts.get(setting.name) ?? 0,
    }));
  }

  async ofTenant(tenantId: string): Promise<TenantSettingView[]> {
    const [installation, said] = await Promise.all([this.ofInstallation(), this.readModel.of(tenantId)]);
    const otherwise = new Map(installation.map((view) => [view.name, view]));
    return this.settings.catalogue
      .filter(({ perTenant }) => perTenant)
      .flatMap((setting) => {
        const wider = otherwise.get(setting.name);
        if (!wider) return [];
        return [{ ...this.view(setting, said.get(setting.name), { source: 'tenant', otherwise: wider }), installation_value: wider.value }];
      });
  }

  /** @throws Problem SETTING_NOT_FOUND (404) */
  async one<View extends SettingView>(views: Promise<View[]>, place: SettingPlace): Promise<View> {
    const { name } = this.changes.find(place);
    const view = (await views).find((other) => other.name === name);
    if (!view) throw new Error(`the setting '${name}' is in no list`);
    return view;
  }

  /** @throws Problem SETTING_NOT_FOUND (404) */
  async history(place: SettingPlace, { before, limit }: { before: number; limit: number }): Promise<SettingHistoryView> {
    this.changes.find(place);
    const found = await this.readModel.history(place, { before, limit: limit + 1 });
    const changes = found.slice(0, limit).map(({ version, changedAt, actor, from, to, reason }) => ({
      version,
      changed_at: changedAt.toISOString(),
      changed_by: actor,
      from: numberOf(from),
      to: numberOf(to),
      reason,
    }));
    return { changes, next_before: found.length > limit ? (changes.at(-1)?.version ?? null) : null };
  }

  private view(
    setting: Setting,
    said: SaidOfSetting | undefined,
    { source, otherwise }: { source: 'set' | 'tenant'; otherwise: Pick<SettingView, 'value' | 'source'> },
  ): SettingView {
    const stored = said?.value ?? null;
    const holds = isAccepted(setting, stored) ? { value: stored, source } : { value: otherwise.value, source: otherwise.source };
    return {
      name: setting.name,
      ...holds,
      unit: setting.unit,
      type: setting.type,
      default: this.settings.defaultOf(setting),
      minimum: setting.min,
      maximum: setting.max,
      description: setting.sentence,
      per_tenant: setting.perTenant,
      environment_variable: setting.environment?.variable ?? null,
      ...lastChange(said),
      flaw: stored === null ? null : flawOf(setting, stored),
    };
  }
}

function lastChange(said: SaidOfSetting | undefined): Pick<SettingView, 'version' | 'changed_at' | 'changed_by' | 'reason'> {
  if (!said) return { version: 0, changed_at: null, changed_by: null, reason: null };
  return { version: said.version, changed_at: said.changedAt.toISOString(), changed_by: said.actor, reason: said.reason };
}

/** What somebody wrote into the table past the service need not be a number. */
function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
