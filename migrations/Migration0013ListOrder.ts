import { Migration } from '@mikro-orm/migrations';

/** Lists in the order of their last change: what an integration that looks for news pages through. */
export class Migration0013ListOrder extends Migration {
  override up(): void {
    this.addSql('create index orders_by_change on orders (account_id, updated_at desc, stream_id desc) include (merged_into)');
  }
}
