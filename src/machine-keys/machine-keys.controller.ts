import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { readCursor, writeCursor } from '../core/signed-cursor.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import { SecretAnswer } from '../platform/http/idempotency/secret-answer.decorator.js';
import { OrderKeys } from '../platform/vault/order-keys.js';
import {
  CreateKeyBody, KeysQuery, MachineKeyListView, machineKeyView, MachineKeyView, overlapOf, RotateKeyBody, ShownMachineKeyView,
} from './machine-keys.dto.js'; // prettier-ignore
import { keyNotFound } from './machine-keys.errors.js';
import { type KeyPlace, MachineKeysReadModel } from './machine-keys.read-model.js';
import { MachineKeys } from './machine-keys.service.js';

/** Keys with which machines call; only people make them. */
@ApiTags('keys')
@Controller('keys')
export class MachineKeysController {
  constructor(
    private readonly keys: MachineKeys,
    private readonly listed: MachineKeysReadModel,
    private readonly signing: OrderKeys,
  ) {}

  @Get()
  @Roles('seller', 'operator')
  @ApiOperation({ operationId: 'listMachineKeys', summary: 'Lists the machine keys', description: 'Newest first, those that ended too; never a secret.' })
  @ApiOkResponse({ type: MachineKeyListView })
  async list(@CurrentScope() { tenantId }: TenantScope, @Query() query: KeysQuery): Promise<MachineKeyListView> {
    const sign = (place: string) => this.signing.keyedHash(`machine-keys-cursor:${tenantId}`, place);
    const after = query.cursor === undefined ? null : placeOf(readCursor(query.cursor, sign));
    const found = await this.listed.page(tenantId, { after, limit: query.limit + 1 });
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    return { keys: shown.map(machineKeyView), next_cursor: last ? writeCursor([last.place, last.id], sign) : null };
  }

  @Post()
  @Roles('seller', 'operator')
  @SecretAnswer()
  @ApiOperation({
    operationId: 'createMachineKey',
    summary: 'Makes a machine key',
    description: 'The answer shows the key, once. Sent again under its Idempotency-Key nothing is made, and nothing shown (409).',
  })
  @ApiCreatedResponse({ type: ShownMachineKeyView })
  async create(@CurrentScope() scope: TenantScope, @Body() body: CreateKeyBody): Promise<ShownMachineKeyView> {
    const { id, secret } = await this.keys.create(scope, { name: body.name, scopes: body.scopes, expiresAt: body.expires_at });
    return { ...machineKeyView(await this.keys.find(scope, id)), key: secret.reveal() };
  }

  @Get(':key_id')
  @Roles('seller', 'operator')
  @ApiOperation({ operationId: 'getMachineKey', summary: 'Reads a machine key', description: 'What it may do, until when, and when it was used last.' })
  @ApiOkResponse({ type: MachineKeyView })
  async find(@CurrentScope() scope: TenantScope, @Param('key_id') id: string): Promise<MachineKeyView> {
    return machineKeyView(await this.keys.find(scope, idOf(id)));
  }

  @Post(':key_id/rotate')
  @Roles('seller', 'operator')
  @HttpCode(200)
  @SecretAnswer()
  @ApiOperation({
    operationId: 'rotateMachineKey',
    summary: 'Gives a machine key a new secret',
    description: 'Shown once. For the overlap the secret of so far is taken too; an earlier one ends at once.',
  })
  @ApiOkResponse({ type: ShownMachineKeyView })
  async rotate(@CurrentScope() scope: TenantScope, @Param('key_id') text: string, @Body() body: RotateKeyBody): Promise<ShownMachineKeyView> {
    const id = idOf(text);
    const secret = await this.keys.rotate(scope, id, { overlapHours: overlapOf(body), expiresAt: body.expires_at ?? null });
    return { ...machineKeyView(await this.keys.find(scope, id)), key: secret.reveal() };
  }

  @Delete(':key_id')
  @Roles('seller', 'operator')
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeMachineKey', summary: 'Revokes a machine key', description: 'Its next request is refused, by every process.' })
  @ApiNoContentResponse()
  async revoke(@CurrentScope() scope: TenantScope, @Param('key_id') id: string): Promise<void> {
    await this.keys.revoke(scope, idOf(id));
  }
}

function idOf(text: string): string {
  if (!isUUID(text, 'loose')) throw keyNotFound();
  return text;
}

function placeOf(place: unknown): KeyPlace {
  if (!Array.isArray(place)) throw validationFailed([{ field: 'cursor', message: 'must be the next_cursor of a page of the same tenant' }]);
  const [createdAt, id] = place as [string, string];
  return { createdAt, id };
}
