import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { type InstallationSetting, isAccepted, type Setting, type TenantSetting } from './setting.js';

/** What the database says of a setting; `tenantId` is null for the whole installation. */
export interface StoredValue {
  readonly name: string;
  readonly tenantId: string | null;
  /** As it was found: of an older version, or of a hand at the table. */
  readonly value: unknown;
}

/** What readers of a setting look at: assigned anew as a whole, read without waiting. */
interface Cell {
  readonly setting: Setting;
  readonly fallback: number;
  value: number;
  tenants: ReadonlyMap<string, number>;
}

/** Live readers of some settings, by the names their reader uses. */
type Group = Readonly<Record<string, InstallationSetting>>;

/**
 * The settings of this service as they hold now. Only what somebody reads is a setting: a reader asks for it in its constructor and keeps
 * the function, whose every call is a look into memory. What the database says is put here by `SettingsRefresh`; until then, and where it says nothing
 * acceptable, the defaults hold.
 */
@Injectable()
export class Settings implements OnModuleInit {
  private readonly cells = new Map<string, Cell>();
  private isComplete = false;

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  /** Every process knows the same settings, whatever its role does with them. */
  onModuleInit(): void {
    this.isComplete = true;
  }

  /** @returns the value that holds now, of a tenant where tenants may have their own */
  live(setting: InstallationSetting): () => number;
  live(setting: TenantSetting): (tenantId: string) => number;
  live(setting: Setting): (tenantId?: string) => number {
    const cell = this.cellOf(setting);
    return (tenantId) => (tenantId === undefined ? undefined : cell.tenants.get(tenantId)) ?? cell.value;
  }

  /** @returns the values of several settings as they hold now */
  liveGroup<G extends Group>(group: G): () => { readonly [Name in keyof G]: number } {
    const cells = Object.entries(group).map(([name, setting]) => [name, this.cellOf(setting)] as const);
    return () => Object.fromEntries(cells.map(([name, { value }]) => [name, value])) as { [Name in keyof G]: number };
  }

  /** All settings that are read, by name. */
  get catalogue(): readonly Setting[] {
    return [...this.cells.values()].map(({ setting }) => setting).sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  find(name: string): Setting | null {
    return this.cells.get(name)?.setting ?? null;
  }

  /** What holds where nobody has set anything: the environment's value, else the setting's own. */
  defaultOf(setting: Setting): number {
    return setting.environment?.value(this.configuration) ?? setting.fallback;
  }

  /** Takes over what the database says of all settings. @returns what is not accepted; there the next wider value holds */
  hold(stored: readonly StoredValue[]): StoredValue[] {
    const accepted = stored.filter(({ name, value }) => isAcceptedBy(this.find(name), value)) as (StoredValue & { value: number })[];
    for (const cell of this.cells.values()) {
      const own = accepted.filter(({ name }) => name === cell.setting.name);
      cell.value = own.find(({ tenantId }) => tenantId === null)?.value ?? cell.fallback;
      cell.tenants = new Map(own.flatMap(({ tenantId, value }) => (tenantId === null || !cell.setting.perTenant ? [] : [[tenantId, value] as const])));
    }
    // A name nobody reads is of another version, and none of ours to judge.
    return stored.filter(({ name, value }) => this.find(name) !== null && !isAcceptedBy(this.find(name), value));
  }

  private cellOf(setting: Setting): Cell {
    const known = this.cells.get(setting.name);
    if (known && known.setting !== setting) throw new Error(`The setting '${setting.name}' is declared twice.`);
    if (known) return known;
    if (this.isComplete) throw new Error(`The setting '${setting.name}' is asked for too late: the constructor of its reader is the place.`);
    const fallback = this.defaultOf(setting);
    const cell: Cell = { setting, fallback, value: fallback, tenants: new Map() };
    this.cells.set(setting.name, cell);
    return cell;
  }
}

function isAcceptedBy(setting: Setting | null, value: unknown): value is number {
  return setting !== null && isAccepted(setting, value);
}
