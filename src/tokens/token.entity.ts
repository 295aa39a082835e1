import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { AccountRecord } from './account.entity.js';
import type { TokenState } from './token-state.js';

/** A token as people see it. Its sealed pair is not mapped, so that no list can carry it. */
@Entity({ tableName: 'tokens' })
export class TokenRecord {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'text' })
  tenantId!: string;

  @ManyToOne(() => AccountRecord, { fieldName: 'account_id', nullable: true })
  account!: AccountRecord | null;

  @Property({ type: 'text' })
  environment!: string;

  @Property({ type: 'text' })
  accountName!: string;

  @Property({ type: 'text' })
  state!: TokenState;

  @Property({ type: 'text', nullable: true })
  stateReason!: string | null;

  @Property({ type: 'bigint' })
  generation!: string;

  @Property({ type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Property({ type: 'timestamptz', nullable: true })
  refreshedAt!: Date | null;

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz' })
  updatedAt!: Date;
}
