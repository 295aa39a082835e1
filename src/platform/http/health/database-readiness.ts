import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { Database } from '../../database/database.js';
import { HealthChecks } from '../../observability/health-checks.js';

/** Whether the service's login could act as a role that no grant binds: a superuser, or the owner of the tables. */
const UNBOUND = `
select exists (select from pg_roles where rolsuper and pg_has_role(current_user, oid, 'member'))
    or exists (select from pg_class where oid = to_regclass('audit_entries') and pg_has_role(current_user, relowner, 'member')) as unbound`;

/** Reports the database's health, and refuses to serve production as a role that no grant and no trigger binds. */
@Injectable()
export class DatabaseReadiness implements OnModuleInit, OnApplicationBootstrap {
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
    if (!this.configuration.production) return;
    const [role] = await this.database.query<{ unbound: boolean }>(UNBOUND);
    if (role?.unbound === false) return;
    throw new Error('DATABASE_URL connects as a superuser or as the owner of the tables, which production refuses: the log would not be append-only');
  }
}
