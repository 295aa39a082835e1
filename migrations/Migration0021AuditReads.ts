import { Migration } from '@mikro-orm/migrations';

/** The trail is read newest first in one tenant, whole or of one actor; its walls stand since it exists. */
export class Migration0021AuditReads extends Migration {
  override up(): void {
    this.addSql('create index audit_entries_by_time on audit_entries (tenant_id, recorded_at desc, id desc)');
    this.addSql('create index audit_entries_by_actor on audit_entries (tenant_id, actor, recorded_at desc, id desc)');
    this.addSql('drop index audit_entries_of_actor');
  }
}
