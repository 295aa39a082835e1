import { ApiProperty } from '@nestjs/swagger';
import type { TokenState } from './token-state.js';
import type { LinkedToken } from './tokens.read-model.js';

/** A token as clients see it; the pair itself never leaves the service. */
export class TokenView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'The tenant.' })
  user_id!: string;

  @ApiProperty()
  account_name!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expires_at!: string | null;

  @ApiProperty({ description: 'True when the token can be used now.' })
  is_active!: boolean;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiProperty({ format: 'date-time' })
  updated_at!: string;

  @ApiProperty()
  account_id!: string;

  @ApiProperty({ description: "The seller's id at Allegro: what orders belong to." })
  allegro_user_id!: string;

  @ApiProperty({ type: String, nullable: true })
  login!: string | null;

  @ApiProperty({ type: String, nullable: true })
  base_marketplace!: string | null;

  @ApiProperty({ enum: ['active', 'needs_reauth', 'deactivated'] })
  state!: TokenState;

  @ApiProperty({ type: String, nullable: true })
  state_reason!: string | null;

  @ApiProperty({ enum: ['production', 'sandbox'] })
  environment!: string;

  @ApiProperty({ description: "True when this token leads its account's sync." })
  is_leader!: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  refreshed_at!: string | null;
}

export class TokenListView {
  @ApiProperty({ type: [TokenView] })
  tokens!: TokenView[];

  @ApiProperty()
  total!: number;

  @ApiProperty()
  page!: number;

  @ApiProperty()
  per_page!: number;
}

export class TokenDeletedView {
  @ApiProperty()
  message!: string;

  @ApiProperty({ format: 'uuid' })
  token_id!: string;
}

export function tokenView(token: LinkedToken): TokenView {
  const { account } = token;
  return {
    id: token.id,
    user_id: token.tenantId,
    account_name: token.accountName,
    expires_at: token.expiresAt?.toISOString() ?? null,
    is_active: token.state === 'active',
    created_at: token.createdAt.toISOString(),
    updated_at: token.updatedAt.toISOString(),
    account_id: account.id,
    allegro_user_id: account.allegroUserId,
    login: account.login,
    base_marketplace: account.baseMarketplace,
    state: token.state,
    state_reason: token.stateReason,
    environment: token.environment,
    is_leader: token.state === 'active' && account.leadTokenId === token.id,
    refreshed_at: token.refreshedAt?.toISOString() ?? null,
  };
}
