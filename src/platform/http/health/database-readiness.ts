import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { Database } from '../../database/database.js';
import { HealthChecks } from '../../observability/health-checks.js';

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
    const [role] = await this.database.query<{ rolsuper: boolean }>('select rolsuper from pg_roles where rolname = current_user');
    if (role?.rolsuper !== false) throw new Error('DATABASE_URL connects as a superuser, which production refuses: the log would not be append-only');
  }
}
