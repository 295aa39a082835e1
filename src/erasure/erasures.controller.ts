import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { Erasing } from './erasing.service.js';
import type { WantedBuyer } from './buyer-lookup.service.js';
import { EraseBuyerBody, ErasureListView, ErasureQuery, ErasuresQuery, ErasureView, erasureView } from './erasures.dto.js';
import { buyerNotNamed, erasureNotFound } from './erasures.errors.js';
import { Erasures } from './erasures.read-model.js';

const WAYS = ['order_id', 'buyer_id', 'login', 'email'] as const;

/** Buyers who asked to be forgotten, and the receipts of it. */
@ApiTags('erasures')
@Controller('erasures')
export class ErasuresController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly erasing: Erasing,
    private readonly erasures: Erasures,
    private readonly audit: AuditTrail,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'eraseBuyer',
    summary: 'Erases a buyer',
    description: 'Erases a buyer of a seller. With the answer nothing personal can be read from the log any more; the receipt says when all copies are clean.',
  })
  @Roles('operator')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ErasureView })
  async erase(@CurrentScope() scope: TenantScope, @Body() body: EraseBuyerBody): Promise<ErasureView> {
    const way = wayOf(body);
    const account = await this.accounts.resolve(scope, body.token_id);
    const { actor, roles, tenantId } = scope;
    const subject = { token_id: body.token_id, named_by: way };
    await this.audit.record({ actor, actorRoles: [...roles], tenantId, action: 'buyer.erase', subject, reason: null, requestId: null });
    const id = await this.erasing.erase(account, wantedBuyer(body), { actor, reason: body.reason });
    return this.view(account.accountId, id, body.token_id);
  }

  @Get()
  @ApiOperation({ operationId: 'listErasures', summary: 'Lists the erasures of the tenant', description: 'Newest first.' })
  @Roles('seller', 'operator', 'support')
  @ApiOkResponse({ type: ErasureListView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: ErasuresQuery): Promise<ErasureListView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const { erasures, total } = await this.erasures.list(accountId, { limit: query.limit, offset: query.offset });
    return { erasures: erasures.map((erasure) => erasureView(erasure, query.token_id)), total };
  }

  @Get(':erasure_id')
  @ApiOperation({
    operationId: 'getErasure',
    summary: 'Reads the receipt of an erasure',
    description: 'The receipt: what was erased where, when and by whom; nothing about the buyer.',
  })
  @Roles('seller', 'operator', 'support')
  @ApiOkResponse({ type: ErasureView })
  async receipt(@CurrentScope() scope: TenantScope, @Param('erasure_id') id: string, @Query() query: ErasureQuery): Promise<ErasureView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    return this.view(accountId, id, query.token_id);
  }

  private async view(accountId: string, id: string, tokenId: string): Promise<ErasureView> {
    const erasure = isUUID(id, 'loose') ? await this.erasures.find(id) : null;
    if (erasure?.accountId !== accountId) throw erasureNotFound();
    return erasureView(erasure, tokenId);
  }
}

/** A way that is null names nobody. */
function wayOf(body: EraseBuyerBody): string {
  const ways = WAYS.filter((way) => typeof body[way] === 'string');
  if (ways.length !== 1 || !ways[0]) throw buyerNotNamed();
  return ways[0];
}

function wantedBuyer(body: EraseBuyerBody): WantedBuyer {
  if (typeof body.order_id === 'string') return { orderIds: [body.order_id.toLowerCase()], named: null, references: [] };
  return { orderIds: [], named: { id: body.buyer_id ?? null, login: body.login ?? null, email: body.email ?? null }, references: [] };
}
