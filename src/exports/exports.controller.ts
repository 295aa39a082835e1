import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import { AuditTrail } from '../platform/http/access/audit-trail.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { AnswersWithin } from '../platform/http/handler-timeout.js';
import { DirectExports } from './direct-exports.service.js';
import { askedOf } from './export-request.js';
import { ExportView, OrderExportRequest } from './exports.dto.js';
import { Exports } from './exports.service.js';
import { EXPORTED_FILE, SENT_WITHIN_MS } from './exported-file.js';
import { exportViewOf } from './export-view.js';
import { renditionOf } from './rendition.js';

/** Orders as files: straight to who asks, or written by a task and fetched when they are ready. */
@ApiTags('exports')
@Controller('exports')
export class ExportsController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly direct: DirectExports,
    private readonly exports: Exports,
    private readonly audit: AuditTrail,
  ) {}

  @Get('orders')
  @AnswersWithin(SENT_WITHIN_MS)
  @ApiOperation({
    operationId: 'downloadOrders',
    summary: 'Downloads the orders that match',
    description:
      'The orders that match when the request arrives, each once, in the order of the list; each as it is when its turn comes. A connection that ends early gave a part only: large exports are better ordered as a file.',
  })
  @Roles('seller', 'operator')
  @ApiOkResponse({ description: 'The file, as it is read.', content: EXPORTED_FILE })
  async stream(
    @CurrentScope() scope: TenantScope,
    @Query() query: OrderExportRequest,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { format, options, filters } = askedOf(query, scope);
    const { accountId, tenantId } = await this.accounts.resolve(scope, query.token_id);
    await this.note(scope, 'exports.stream', { token_id: query.token_id, format });
    const rendition = renditionOf(format, options);
    void reply.header('content-type', rendition.contentType).header('content-disposition', `attachment; filename="orders.${format}"`);
    void reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    if (request.method === 'HEAD') return void reply.send(Readable.from([]));
    return void reply.send(this.direct.stream({ tenantId, accountId, tokenId: query.token_id, filter: filters, rendition }));
  }

  @Post()
  @ApiOperation({
    operationId: 'createExport',
    summary: 'Orders a file of the orders that match',
    description: 'Orders a file. Its orders are chosen at once when its turn comes, and the file never changes any more; it is kept for a week.',
  })
  @Roles('seller', 'operator')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ExportView })
  async order(@CurrentScope() scope: TenantScope, @Body() body: OrderExportRequest): Promise<ExportView> {
    const asked = askedOf(body, scope);
    const account = { ...(await this.accounts.resolve(scope, body.token_id)), tokenId: body.token_id };
    await this.note(scope, 'exports.order', { token_id: body.token_id, format: asked.format });
    return exportViewOf(await this.exports.order({ account, ...asked, actor: scope.actor }));
  }

  @Get(':export_id')
  @ApiOperation({ operationId: 'getExport', summary: 'Reads how far a file is' })
  @Roles('seller', 'operator')
  @ApiOkResponse({ type: ExportView })
  async find(@CurrentScope() { tenantId }: TenantScope, @Param('export_id') id: string): Promise<ExportView> {
    return exportViewOf(await this.exports.find(tenantId, id));
  }

  @Delete(':export_id')
  @ApiOperation({ operationId: 'deleteExport', summary: 'Deletes a file, or stops writing it' })
  @Roles('seller', 'operator')
  @HttpCode(204)
  @ApiNoContentResponse()
  async remove(@CurrentScope() scope: TenantScope, @Param('export_id') id: string): Promise<void> {
    await this.exports.find(scope.tenantId, id);
    await this.note(scope, 'exports.delete', { export_id: id });
    await this.exports.remove(scope.tenantId, id);
  }

  private async note({ actor, roles, tenantId }: TenantScope, action: string, subject: Record<string, string>): Promise<void> {
    await this.audit.record({ actor, actorRoles: [...roles], tenantId, action, subject, reason: null, requestId: null });
  }
}
