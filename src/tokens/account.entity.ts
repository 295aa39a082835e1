import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** A seller at Allegro as one tenant sees it: the owner of orders. */
@Entity({ tableName: 'accounts' })
export class AccountRecord {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'text' })
  tenantId!: string;

  @Property({ type: 'text' })
  environment!: string;

  @Property({ type: 'text' })
  allegroUserId!: string;

  @Property({ type: 'text', nullable: true })
  login!: string | null;

  @Property({ type: 'text', nullable: true })
  baseMarketplace!: string | null;

  @Property({ type: 'uuid', nullable: true })
  leadTokenId!: string | null;
}
