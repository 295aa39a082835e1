import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isJsonObject } from '../core/json.js';
import { QuarantineReadModel } from '../data-protection/quarantine.read-model.js';
import { Quarantine } from '../data-protection/quarantine.service.js';
import { HeldDocuments } from '../orders/held-documents.read-model.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { QuarantineDetailView, detailView, itemView, QuarantineListView, QuarantineQuery } from './quarantine.dto.js';
import { QuarantineDecisions } from './quarantine-decisions.service.js';
import { TokenIdQuery } from './sync.dto.js';

/** What was held back, for whoever has to decide about it; sellers read their own. */
@ApiTags('quarantine')
@Controller('quarantine')
export class QuarantineController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly items: QuarantineReadModel,
    private readonly decisions: QuarantineDecisions,
    private readonly quarantine: Quarantine,
    private readonly documents: HeldDocuments,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listQuarantine', summary: 'Lists what is held in quarantine' })
  @Roles('seller', 'operator', 'support')
  @ApiOkResponse({ type: QuarantineListView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: QuarantineQuery): Promise<QuarantineListView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const filter = { status: query.status ?? null, ...(query.pause_id === undefined ? {} : { pauseId: query.pause_id }) };
    const { items, total } = await this.items.list(accountId, filter, { limit: query.limit, offset: query.offset });
    return { items: items.map(itemView), total };
  }

  @Get(':item_id')
  @ApiOperation({ operationId: 'getQuarantineItem', summary: 'Reads an item of the quarantine', description: 'One item whole, beside what is held now.' })
  @Roles('seller', 'operator')
  @ApiOkResponse({ type: QuarantineDetailView })
  async detail(@CurrentScope() scope: TenantScope, @Param('item_id') id: string, @Query() query: TokenIdQuery): Promise<QuarantineDetailView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const item = await this.decisions.find(accountId, id);
    const document = await this.quarantine.open(accountId, item.orderId, item);
    const comparable = item.kind === 'form' && item.orderId !== '' && isJsonObject(document);
    return detailView(item, document, comparable ? await this.documents.compare(accountId, item.orderId, document) : null);
  }
}
