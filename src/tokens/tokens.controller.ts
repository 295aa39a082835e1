import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Secret } from '../core/secret.js';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { ANSWER_WITHIN_MS, answerWithin } from './answer-within.js';
import { TokenImport } from './token-import.service.js';
import { TokenOwner } from './token-owner.service.js';
import { TokenDeletedView, TokenListView, tokenView, TokenView } from './token-view.dto.js';
import { ImportTokenBody, TokenListQuery, UpdateTokenBody } from './tokens.dto.js';
import { TokenReadModel } from './tokens.read-model.js';

@ApiTags('tokens')
@Controller('tokens')
export class TokensController {
  constructor(
    private readonly tokens: TokenReadModel,
    private readonly imports: TokenImport,
    private readonly owner: TokenOwner,
  ) {}

  @Post()
  @ReachesOut()
  @ApiOperation({ operationId: 'importToken', summary: 'Imports a pair of tokens' })
  @HttpCode(200)
  @ApiOkResponse({ type: TokenView })
  async import(@CurrentScope() scope: TenantScope, @Body() body: ImportTokenBody): Promise<TokenView> {
    const given = { accessToken: new Secret(body.allegro_token), refreshToken: new Secret(body.refresh_token), expiresAt: body.expires_at };
    const { tokenId } = await answerWithin(ANSWER_WITHIN_MS, this.imports.import(scope, body.account_name, given));
    return this.view(scope, tokenId);
  }

  @Get()
  @ApiOperation({ operationId: 'listTokens', summary: 'Lists the tokens of the tenant' })
  @ApiOkResponse({ type: TokenListView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: TokenListQuery): Promise<TokenListView> {
    const { page, per_page: perPage, active_only: activeOnly } = query;
    const { tokens, total } = await this.tokens.list(scope, { activeOnly, limit: perPage, offset: (page - 1) * perPage });
    return { tokens: tokens.map(tokenView), total, page, per_page: perPage };
  }

  @Get(':token_id')
  @ApiOperation({ operationId: 'getToken', summary: 'Reads a token' })
  @ApiOkResponse({ type: TokenView })
  async get(@CurrentScope() scope: TenantScope, @Param('token_id') tokenId: string): Promise<TokenView> {
    return this.view(scope, tokenId);
  }

  @Put(':token_id')
  @ApiOperation({ operationId: 'updateToken', summary: 'Changes a token' })
  @ApiOkResponse({ type: TokenView })
  async update(@CurrentScope() scope: TenantScope, @Param('token_id') tokenId: string, @Body() body: UpdateTokenBody): Promise<TokenView> {
    const token = await this.tokens.find(scope, tokenId);
    const update = {
      accountName: body.account_name,
      accessToken: secretOf(body.allegro_token),
      refreshToken: secretOf(body.refresh_token),
      expiresAt: body.expires_at,
      active: body.is_active,
    };
    await answerWithin(ANSWER_WITHIN_MS, this.owner.update(token, update, scope.actor));
    return this.view(scope, tokenId);
  }

  @Delete(':token_id')
  @ApiOperation({ operationId: 'deactivateToken', summary: 'Deactivates a token' })
  @ApiOkResponse({ type: TokenDeletedView })
  async deactivate(@CurrentScope() scope: TenantScope, @Param('token_id') tokenId: string): Promise<TokenDeletedView> {
    const token = await this.tokens.find(scope, tokenId);
    await this.owner.deactivate(token, scope.actor);
    return { message: 'The token is deactivated; its orders and events are kept.', token_id: token.id };
  }

  private async view(scope: TenantScope, tokenId: string): Promise<TokenView> {
    return tokenView(await this.tokens.find(scope, tokenId));
  }
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}
