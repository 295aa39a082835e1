import { Readable } from 'node:stream';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { scopeMissing } from '../platform/http/access/access.errors.js';
import { PERSONAL_DATA } from '../platform/http/access/key-scopes.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { AnswersWithin } from '../platform/http/handler-timeout.js';
import { type Download, downloadOf } from './export-download.js';
import type { ExportFile } from './export-file.js';
import { ExportVault } from './export-vault.service.js';
import { EXPORTED_FILE, SENT_WITHIN_MS } from './exported-file.js';
import { rangeNotSatisfiable } from './exports.errors.js';
import { Exports } from './exports.service.js';
import { renditionOf } from './rendition.js';

@ApiTags('exports')
@Controller('exports')
export class ExportFileController {
  constructor(
    private readonly exports: Exports,
    private readonly vault: ExportVault,
  ) {}

  @Get(':export_id/file')
  @AnswersWithin(SENT_WITHIN_MS)
  @ApiOperation({
    operationId: 'downloadExport',
    summary: 'Downloads a file',
    description: 'The file; after a break the rest of it by `Range` and `If-Range`.',
  })
  @Roles('seller', 'operator')
  @ApiHeader({ name: 'Range', required: false, description: 'One range of bytes: `bytes=1048576-`.' })
  @ApiHeader({ name: 'If-Range', required: false, description: 'The ETag the range belongs to.' })
  @ApiOkResponse({ description: 'The whole file; its ETag is its SHA-256.', content: EXPORTED_FILE })
  @ApiResponse({ status: 410, description: 'The file has expired, was deleted because a buyer in it was erased, or could not be written.' })
  @ApiResponse({ status: 416, description: 'The file ends before the range begins; `Content-Range` says how long it is.' })
  @ApiResponse({ status: 206, description: 'The range asked for.', content: EXPORTED_FILE })
  async download(
    @CurrentScope() { tenantId, seesPersonalData }: TenantScope,
    @Param('export_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.exports.find(tenantId, id);
    if (!seesPersonalData && file.options.withheld !== true) throw scopeMissing(PERSONAL_DATA);
    const { range, 'if-range': ifRange } = request.headers;
    const download = downloadOf(file, { range, 'if-range': typeof ifRange === 'string' ? ifRange : undefined });
    if (download.range === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${String(file.bytes)}`);
      throw rangeNotSatisfiable();
    }
    const { from, to } = download.range ?? { from: 0, to: file.bytes };
    void reply.headers(headersOf(file, download)).header('content-length', String(to - from));
    if (download.range) void reply.status(206).header('content-range', `bytes ${String(from)}-${String(to - 1)}/${String(file.bytes)}`);
    // A failure in the middle ends the connection before the announced length, so that nobody takes a part for the whole.
    // To a HEAD an empty stream: it alone leaves the announced length as it is.
    void reply.send(Readable.from(request.method === 'HEAD' ? [] : this.vault.bytes(id, from, to), { objectMode: true, highWaterMark: 1 }));
  }
}

function headersOf({ format, options }: ExportFile, { etag }: Download): Record<string, string> {
  return {
    'content-type': renditionOf(format, options).contentType,
    'content-disposition': `attachment; filename="orders.${format}"`,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    etag,
  };
}
