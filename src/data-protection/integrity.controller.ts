import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChainVerifier } from '../platform/event-log/chain-verifier.js';
import { CurrentScope, Roles } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { nothingToVerify } from './integrity.errors.js';
import { AccountVerificationQuery, HeadView, VerificationStartedView, VerificationView, VerifyQuery } from './integrity.dto.js';
import type { Seal } from './seal-record.js';
import { SealsReadModel } from './seals.read-model.js';
import { VerifyLogTasks } from './verify-log.jobs.js';

@ApiTags('integrity')
@Controller('integrity')
export class IntegrityController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly verifier: ChainVerifier,
    private readonly tasks: VerifyLogTasks,
    private readonly seals: SealsReadModel,
  ) {}

  @Post('verify')
  @ApiOperation({
    operationId: 'verifyChain',
    summary: 'Verifies the hash chain of an order or account',
    description: 'Recomputes the hash chain of an order or of a whole account from the stored bytes; changes nothing.',
  })
  @Roles('seller', 'operator', 'support')
  @HttpCode(200)
  @ApiOkResponse({ type: VerificationView })
  async verify(@CurrentScope() scope: TenantScope, @Query() query: VerifyQuery): Promise<VerificationView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const orderId = query.order_id?.toLowerCase();
    const report = await this.verifier.verify({ accountId, ...(orderId === undefined ? {} : { orderId }) });
    if (report.streams === 0) throw nothingToVerify();
    return {
      verified: report.verified,
      streams: report.streams,
      events: report.events,
      flaws: report.flaws.map((flaw) => ({ order_id: flaw.orderId, version: flaw.version, flaw: flaw.flaw })),
      checked_at: new Date().toISOString(),
    };
  }

  @Post('verifications')
  @ApiOperation({
    operationId: 'startVerification',
    summary: "Starts a verification of an account's whole log",
    description: 'Verifies the whole log of an account with its seals, as a task: `GET /sync/tasks/{task_id}` tells its progress and result.',
  })
  @Roles('seller', 'operator', 'support')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: VerificationStartedView })
  async start(@CurrentScope() scope: TenantScope, @Query() query: AccountVerificationQuery): Promise<VerificationStartedView> {
    const task = await this.tasks.start(await this.accounts.resolve(scope, query.token_id));
    return { task_id: task.id, token_id: query.token_id, status: task.status };
  }

  @Get('head')
  @ApiOperation({
    operationId: 'getLogHead',
    summary: 'Reads the last seal over the log',
    description: 'The last seal over the log of all accounts, to compare with what was published, and what waits for the next one.',
  })
  @Roles('operator', 'support')
  @ApiOkResponse({ type: HeadView })
  async head(): Promise<HeadView> {
    const [last, unsealed] = await Promise.all([this.seals.last(), this.seals.unsealed()]);
    return { ...(last ? sealedHead(last) : NOTHING_SEALED), unsealed_events: unsealed.events, unsealed_age_seconds: unsealed.ageSeconds };
  }
}

const NOTHING_SEALED = { seal: null, root: null, position: null, sealed_at: null, age_seconds: null, key_id: null, signature: null };

function sealedHead(seal: Seal): Omit<HeadView, 'unsealed_events' | 'unsealed_age_seconds'> {
  return {
    seal: seal.number,
    root: seal.root.toString('hex'),
    position: seal.to,
    sealed_at: seal.sealedAt.toISOString(),
    age_seconds: Math.max(0, (Date.now() - seal.sealedAt.getTime()) / 1_000),
    key_id: seal.keyId,
    signature: seal.signature?.toString('base64') ?? null,
  };
}
