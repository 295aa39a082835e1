import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { appendAuditEntry } from '../http/access/audit.store.js';
import type { TenantScope } from '../http/access/tenant-scope.js';
import { validationFailed } from '../http/http.errors.js';
import { appendChange, lockCurrent, type SettingPlace } from './setting-changes.store.js';
import { flawOf, type Setting } from './setting.js';
import { settingChanged, settingNotFound } from './settings.errors.js';
import { SettingsRefresh } from './settings-refresh.service.js';
import { Settings } from './settings.service.js';

export interface WantedChange {
  readonly scope: TenantScope;
  /** null: back to the default. */
  readonly value: number | null;
  readonly reason: string | null;
  /** Whether a version is the one the caller believes in. */
  readonly expects: (version: number) => boolean;
  readonly requestId: string | null;
}

/** Changes settings: each change a new row of the history, and an entry of the audit trail in the same transaction. */
@Injectable()
export class SettingChanges {
  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly refresh: SettingsRefresh,
  ) {}

  /** @throws Problem SETTING_NOT_FOUND (404) where there is none, or none for a tenant */
  find({ name, tenantId }: SettingPlace): Setting {
    const setting = this.settings.find(name);
    if (!setting || (tenantId !== null && !setting.perTenant)) throw settingNotFound();
    return setting;
  }

  /**
   * What is said already is not said again. In force here when it resolves, in other processes within two seconds.
   * @throws Problem SETTING_NOT_FOUND (404), VALIDATION_FAILED (422), SETTING_CHANGED (412)
   */
  async change(place: SettingPlace, wanted: WantedChange): Promise<void> {
    const setting = this.find(place);
    const flaw = wanted.value === null ? null : flawOf(setting, wanted.value);
    if (flaw !== null) throw validationFailed([{ field: 'value', message: `value ${flaw} (${setting.unit})` }]);
    await this.append(place, wanted);
    await this.refresh.now();
  }

  private async append(place: SettingPlace, { scope, value, reason, expects, requestId }: WantedChange): Promise<void> {
    await this.database.transaction(async (tx) => {
      const current = await lockCurrent(tx, place);
      if (!expects(current.version)) throw settingChanged(current.version);
      if (current.value === value) return;
      await appendChange(tx, { ...place, version: current.version + 1, value, actor: scope.actor, reason });
      await appendAuditEntry(tx, {
        actor: scope.actor,
        actorRoles: [...scope.roles],
        tenantId: scope.tenantId,
        action: value === null ? 'setting.reset' : 'setting.set',
        subject: { name: place.name, of_tenant: place.tenantId !== null, value, version: current.version + 1 },
        reason,
        requestId,
      });
    });
  }
}
