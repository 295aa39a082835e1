import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { UUID } from '../core/uuid.js';
import { TokenQuery } from '../platform/http/token-query.dto.js';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { ClaimBody, ClaimListView, ClaimsQuery, ClaimView, ReleaseQuery, ReleaseView, RenewalBody, RenewalView, ttlSecondsOf } from './claims.dto.js';
import { claimLost } from './claims.errors.js';
import { ClaimsReadModel } from './claims.read-model.js';
import { Claims, type HeldOrder } from './claims.service.js';
import { flagsView } from './flag-view.js';
import { orderNotFound } from './flags.errors.js';
import { flagsEtag } from './flags-etag.js';

/** The lowest place of a list. */
const START = '0.';

interface ClaimPath {
  readonly order_id: string;
  readonly lease_id: string;
}

/** Work leases: who shares the work on orders claims one before it begins. */
@ApiTags('orders')
@Controller('orders')
export class ClaimsController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly claims: Claims,
    private readonly readModel: ClaimsReadModel,
  ) {}

  @Get('claims')
  @ApiOperation({ operationId: 'listClaims', summary: 'The claims of an account that live' })
  @ApiOkResponse({ type: ClaimListView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: ClaimsQuery): Promise<ClaimListView> {
    return this.page(scope, query, null);
  }

  @Get(':order_id/claims')
  @ApiOperation({ operationId: 'listOrderClaims', summary: 'The claims of one order that live' })
  @ApiOkResponse({ type: ClaimListView })
  async ofOrder(@CurrentScope() scope: TenantScope, @Query() query: ClaimsQuery, @Param('order_id') orderId: string): Promise<ClaimListView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const order = await this.readModel.standing(accountId, orderId.toLowerCase());
    if (!order) throw orderNotFound();
    return this.page(scope, query, order.orderId);
  }

  @Post(':order_id/claims')
  @ApiOperation({
    operationId: 'claimOrder',
    summary: 'Claims an order for a piece of work',
    description: 'Claims an order: exactly one of all who ask gets it, until it gives the order back or the time is over.',
  })
  @ApiCreatedResponse({ type: ClaimView })
  @ApiResponse({ status: 409, description: 'Somebody else has claimed the order for this purpose; `expires_at` says for how long at most.' })
  async claim(
    @CurrentScope() scope: TenantScope,
    @Query() { token_id: tokenId }: TokenQuery,
    @Param('order_id') orderId: string,
    @Body() body: ClaimBody,
  ): Promise<ClaimView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const { purpose } = body;
    const claim = await this.claims.claim({ accountId, orderId: orderId.toLowerCase(), purpose, holder: scope.actor, ttlSeconds: ttlSecondsOf(body) });
    return {
      lease_id: claim.leaseId,
      fencing_token: claim.fencingToken,
      order_id: claim.orderId,
      purpose,
      claimed_at: claim.claimedAt.toISOString(),
      expires_at: claim.expiresAt.toISOString(),
      technical_flags: flagsView(claim.flags),
      etag: flagsEtag(claim.orderId, claim.flags),
    };
  }

  @Post(':order_id/claims/:lease_id/renew')
  @ApiOperation({ operationId: 'renewClaim', summary: 'Prolongs a claim from now on' })
  @HttpCode(200)
  @ApiParam({ name: 'order_id', type: String })
  @ApiParam({ name: 'lease_id', type: String })
  @ApiOkResponse({ type: RenewalView })
  @ApiResponse({ status: 409, description: 'The claim is over.' })
  async renew(
    @CurrentScope() scope: TenantScope,
    @Query() { token_id: tokenId }: TokenQuery,
    @Param() path: ClaimPath,
    @Body() body: RenewalBody,
  ): Promise<RenewalView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const expiresAt = await this.claims.renew(heldOrder(accountId, path, body.fencing_token), ttlSecondsOf(body));
    return { lease_id: path.lease_id, expires_at: expiresAt.toISOString() };
  }

  @Delete(':order_id/claims/:lease_id')
  @ApiOperation({
    operationId: 'releaseClaim',
    summary: 'Gives a claimed order back',
    description: 'Gives an order back before the time is over; again does no harm.',
  })
  @ApiParam({ name: 'order_id', type: String })
  @ApiParam({ name: 'lease_id', type: String })
  @ApiOkResponse({ type: ReleaseView })
  async release(@CurrentScope() scope: TenantScope, @Query() query: ReleaseQuery, @Param() path: ClaimPath): Promise<ReleaseView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    return { lease_id: path.lease_id, released: await this.claims.release(heldOrder(accountId, path, query.fencing_token)) };
  }

  private async page(scope: TenantScope, query: ClaimsQuery, orderId: string | null): Promise<ClaimListView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const { purpose = null, after = START, limit } = query;
    const held = await this.readModel.page(accountId, { purpose, orderId, after, limit });
    const claims = held.map((claim) => ({
      order_id: claim.orderId,
      purpose: claim.purpose,
      holder: claim.holder,
      claimed_at: claim.claimedAt.toISOString(),
      expires_at: claim.expiresAt.toISOString(),
    }));
    return { claims, next: held.length === limit ? (held.at(-1)?.place ?? null) : null };
  }
}

function heldOrder(accountId: string, { order_id: orderId, lease_id: leaseId }: ClaimPath, fencingToken: number): HeldOrder {
  if (!UUID.test(leaseId)) throw claimLost();
  return { accountId, orderId: orderId.toLowerCase(), shown: { leaseId: leaseId.toLowerCase(), fencingToken } };
}
