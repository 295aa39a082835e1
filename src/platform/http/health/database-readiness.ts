import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { Database } from '../../database/database.js';
import { HealthChecks } from '../../observability/health-checks.js';
import { DURABILITY_SETTINGS, type ServerSetting, undurable } from './durability.js';

/** Whether the service's login could act as a role that no grant binds: a superuser, or the owner of the tables. */
const UNBOUND = `
select exists (select from pg_roles where rolsuper and pg_has_role(current_user, oid, 'member'))
    or exists (select from pg_class where oid = to_regclass('audit_entries') and pg_has_role(current_user, relowner, 'member')) as unbound`;

/** Reports the database's health, and refuses to serve production as a role that nothing binds or on a server that forgets commits. */
@Injectable()
export class DatabaseReadiness implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('database');

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly health: HealthChecks,
  ) {}

  onModuleInit(): void {
    const check = async (): Promise<undefined> => {
      await this.database.ping();
    };
    this.health.register('database', check, { critical: true });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.configuration.production) return this.warnWhenUndurable();
    const [role] = await this.database.query<{ unbound: boolean }>(UNBOUND);
    if (role?.unbound !== false) {
      throw new Error('DATABASE_URL connects as a superuser or as the owner of the tables, which production refuses: the log would not be append-only');
    }
    const flaws = await this.flaws();
    if (flaws.length > 0) throw new Error(`The database runs with ${flaws.join(', ')}, which production refuses: a crash would lose orders already recorded`);
  }

  private async flaws(): Promise<string[]> {
    return undurable(await this.database.query<ServerSetting>(DURABILITY_SETTINGS));
  }

  /** Outside production a database may be away at the start; the health check says that. */
  private async warnWhenUndurable(): Promise<void> {
    try {
      const flaws = await this.flaws();
      if (flaws.length > 0) this.logger.warn(`NOT DURABLE: the database runs with ${flaws.join(', ')}; a crash loses orders already recorded`);
    } catch (error) {
      this.logger.warn('whether the database is durable could not be read', { err: error });
    }
  }
}
