import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { ReachesOut } from '../platform/http/rate-limit/reaches-out.decorator.js';
import { Certificates } from './certificates.read-model.js';
import { RequestedSweeps } from './requested-sweeps.service.js';
import { certificateNotFound } from './requested-syncs.errors.js';
import {
  CertificateDetailView,
  certificateDetailView,
  CertificateListQuery,
  CertificateListView,
  certificateView,
  MOST_NAMES,
  StartSweepBody,
  SweepStartedView,
} from './sweep.dto.js';
import { TokenIdQuery } from './sync.dto.js';

/** Sweeps and the certificates they end with. */
@ApiTags('sync')
@Controller()
export class SweepController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly sweeps: RequestedSweeps,
    private readonly certificates: Certificates,
  ) {}

  @Post('sync/sweep')
  @ReachesOut()
  @ApiOperation({
    operationId: 'startSweep',
    summary: 'Starts a comparison with everything Allegro lists',
    description: 'Lists again what Allegro has and records what is missing or different here; ends with a certificate.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: SweepStartedView })
  async start(@CurrentScope() scope: TenantScope, @Body() body: StartSweepBody): Promise<SweepStartedView> {
    const { token_id: tokenId, from_date: from = null, to_date: to = null } = body;
    if (from && to && from > to) throw validationFailed([{ field: 'from_date', message: 'must not be later than to_date' }]);
    const task = await this.sweeps.start(scope, tokenId, { from, to });
    return { success: true, message: 'The sweep waits for its turn.', task_id: task.id, token_id: tokenId, status: 'PENDING' };
  }

  @Get('certificates')
  @ApiOperation({ operationId: 'listCertificates', summary: 'Lists the certificates of completeness', description: 'Newest first.' })
  @ApiOkResponse({ type: CertificateListView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: CertificateListQuery): Promise<CertificateListView> {
    const { token_id: tokenId, page, per_page: perPage } = query;
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const [certificates, total] = await Promise.all([
      this.certificates.list(accountId, { limit: perPage, offset: (page - 1) * perPage }),
      this.certificates.count(accountId),
    ]);
    return { certificates: certificates.map((certificate) => certificateView(certificate, tokenId)), total, page, per_page: perPage };
  }

  @Get('certificates/:id')
  @ApiOperation({ operationId: 'getCertificate', summary: 'Reads a certificate of completeness' })
  @ApiOkResponse({ type: CertificateDetailView })
  async find(@CurrentScope() scope: TenantScope, @Query() { token_id: tokenId }: TokenIdQuery, @Param('id') id: string): Promise<CertificateDetailView> {
    const { accountId } = await this.accounts.resolve(scope, tokenId);
    const certificate = isUUID(id, 'loose') ? await this.certificates.find(accountId, id) : null;
    if (!certificate) throw certificateNotFound();
    return certificateDetailView(certificate, await this.certificates.findings(id, MOST_NAMES), tokenId);
  }
}
