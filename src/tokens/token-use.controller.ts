import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { ANSWER_WITHIN_MS, answerWithin } from './answer-within.js';
import { SellerLookup } from './seller-lookup.service.js';
import { tokenView, TokenView } from './token-view.dto.js';
import { ActiveOnlyQuery } from './tokens.dto.js';
import { tokenNotFound } from './tokens.errors.js';
import { type LinkedToken, TokenReadModel } from './tokens.read-model.js';
import { Tokens } from './tokens.service.js';

/** More tokens than any tenant has; a list without pages must have an end. */
const MOST_TOKENS = 1_000;

@ApiTags('tokens')
@Controller('tokens')
export class TokenUseController {
  constructor(
    private readonly tokens: TokenReadModel,
    private readonly access: Tokens,
    private readonly sellers: SellerLookup,
    private readonly audit: AuditTrail,
  ) {}

  @Post(':token_id/refresh')
  @ReachesOut()
  @ApiOperation({ operationId: 'refreshToken', summary: 'Refreshes a token at Allegro' })
  @HttpCode(200)
  @ApiOkResponse({ type: TokenView })
  async refresh(@CurrentScope() scope: TenantScope, @Param('token_id') tokenId: string): Promise<TokenView> {
    const token = await this.tokens.find(scope, tokenId);
    await answerWithin(ANSWER_WITHIN_MS, this.access.refresh(token.id));
    return tokenView(await this.tokens.find(scope, tokenId));
  }

  @Post(':token_id/validate')
  @ReachesOut()
  @ApiOperation({
    operationId: 'validateToken',
    summary: 'Asks Allegro whether a token works',
    description: 'Asks Allegro with the token; refreshes only when the token is about to end or is refused.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: TokenView })
  async validate(@CurrentScope() scope: TenantScope, @Param('token_id') tokenId: string): Promise<TokenView> {
    const token = await this.tokens.find(scope, tokenId);
    await answerWithin(ANSWER_WITHIN_MS, this.ask(token));
    return tokenView(await this.tokens.find(scope, tokenId));
  }

  @Get('user/:user_id')
  @ApiOperation({ operationId: 'listUserTokens', summary: 'Lists the tokens of a user' })
  @ApiOkResponse({ type: [TokenView] })
  async ofUser(@CurrentScope() scope: TenantScope, @Param('user_id') userId: string, @Query() query: ActiveOnlyQuery): Promise<TokenView[]> {
    const asked = userId === scope.tenantId ? scope : await this.scopeOf(scope, userId);
    const { tokens } = await this.tokens.list(asked, { activeOnly: query.active_only, limit: MOST_TOKENS, offset: 0 });
    return tokens.map(tokenView);
  }

  private async ask(token: LinkedToken): Promise<void> {
    await this.access.withAccessToken(token.id, async (accessToken) => this.sellers.whoIs(accessToken, `account:${token.account.id}`));
  }

  /** Another tenant's tokens: operators only, and written down before anything is read. */
  private async scopeOf(scope: TenantScope, userId: string): Promise<TenantScope> {
    if (!scope.roles.has('operator')) throw tokenNotFound();
    await this.audit.record({
      actor: scope.actor,
      actorRoles: [...scope.roles],
      tenantId: userId,
      action: 'GET /api/v1/tokens/user/:user_id',
      subject: { user_id: userId },
      reason: null,
      requestId: null,
    });
    return { ...scope, tenantId: userId, acrossTenants: true };
  }
}
