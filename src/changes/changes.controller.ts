import { Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiGoneResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FeedPosition } from '../platform/event-log/feed.js';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import type { AuthenticatedRequest } from '../platform/http/access/token-verifier.js';
import { Drain } from '../platform/http/drain.js';
import type { Change } from './change-feed.read-model.js';
import { eventFrame, placeFrame, written } from './change-stream.js';
import { type AnnouncedChangeView, ChangesQuery, ChangesView, StreamQuery } from './changes.dto.js';
import { Changes, type Subject } from './changes.service.js';
import { Listeners } from './listeners.service.js';

/** Proxies drop what is silent for 30 to 60 s. */
const HEARTBEAT_MS = 15_000;
/** Changes read at once for a stream: some 50 kB. */
const STREAM_PAGE = 200;
/** A stream ends by itself then, so that the caller's token is checked again; clients reconnect with their Last-Event-ID. */
const LONGEST_STREAM_MS = 900_000;

@ApiTags('changes')
@ApiGoneResponse({ description: 'The cursor is older than what is kept of the feed: begin anew with a full read.' })
@Controller('changes')
export class ChangesController {
  constructor(
    private readonly changes: Changes,
    private readonly listeners: Listeners,
    private readonly drain: Drain,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listChanges',
    summary: 'Reads the changes behind a cursor',
    description: 'What changed behind a cursor, each change once and in one order for everybody; waits for the first one when asked to.',
  })
  @ApiOkResponse({ type: ChangesView })
  async list(@CurrentScope() scope: TenantScope, @Query() query: ChangesQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<ChangesView> {
    const subject = { scope, tokenId: query.token_id ?? null };
    const after = await this.changes.positionOf(subject, query.after);
    const signal = AbortSignal.any([this.drain.signal, leaving(reply)]);
    const read = () => this.changes.next(subject, after, { limit: query.limit, waitMs: query.wait * 1_000, signal });
    const { changes, reached } = await (query.wait === 0 ? read() : this.listeners.admit(scope.tenantId, read));
    const next = this.changes.cursorOf(subject, reached);
    return { changes: changes.map((change) => this.view(subject, change)), next, has_more: changes.length === query.limit };
  }

  @Get('stream')
  @ApiOperation({
    operationId: 'streamChanges',
    summary: 'Streams the changes as server-sent events',
    description: 'The same changes as server-sent events; after a break the client goes on by itself with `Last-Event-ID`.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Id of the last event received; stronger than `after`.' })
  @ApiOkResponse({
    description:
      'Events named `change`, each with its cursor as id and an AnnouncedChangeView as data; after 15 s of silence the id of the place reached, without an event.',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: eventFrame('MTox.c2', { topics: ['order.updated'], version: 3 }) } },
  })
  async stream(
    @CurrentScope() scope: TenantScope,
    @Query() query: StreamQuery,
    @Req() request: FastifyRequest & AuthenticatedRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const subject = { scope, tokenId: query.token_id ?? null };
    const after = await this.changes.positionOf(subject, lastEventId(request) ?? query.after ?? 'now');
    // The stream itself would never end, and a HEAD asks for its headers alone.
    if (request.method === 'HEAD') return void reply.type('text/event-stream; charset=utf-8').send(Readable.from([]));
    const lastsMs = longestStreamMs(request.principal?.validUntil ?? null);
    await this.listeners.admit(scope.tenantId, () => this.follow(subject, after, { reply, lastsMs }));
  }

  private async follow(subject: Subject, after: FeedPosition, { reply, lastsMs }: { reply: FastifyReply; lastsMs: number }): Promise<void> {
    // What is wrong with the cursor is said by a status, which a stream that has begun can no longer have.
    await this.changes.next(subject, after, { limit: 1, waitMs: 0, signal: this.drain.signal });
    reply.hijack();
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers });
    reply.raw.write(placeFrame(this.changes.cursorOf(subject, after)));
    const signal = AbortSignal.any([this.drain.signal, leaving(reply), AbortSignal.timeout(lastsMs)]);
    // A failure in the middle ends the stream; the client's next try is answered with what is wrong.
    await this.send(subject, after, { reply, signal }).finally(() => reply.raw.end());
  }

  private async send(subject: Subject, after: FeedPosition, { reply, signal }: { reply: FastifyReply; signal: AbortSignal }): Promise<void> {
    let position = after;
    while (!signal.aborted) {
      const { changes, reached } = await this.changes.next(subject, position, { limit: STREAM_PAGE, waitMs: HEARTBEAT_MS, signal });
      const frames = changes.map((change) => eventFrame(this.changes.cursorOf(subject, change), this.view(subject, change)));
      if (!(await written(reply.raw, frames.length === 0 ? placeFrame(this.changes.cursorOf(subject, reached)) : frames.join('')))) return;
      position = reached;
    }
  }

  private view(subject: Subject, change: Change): AnnouncedChangeView {
    return {
      id: this.changes.cursorOf(subject, change),
      topics: change.topics,
      account_id: change.accountId,
      token_id: change.tokenId,
      order_id: change.orderId === '' ? null : change.orderId,
      version: change.version,
      changed: change.changed,
      announced_at: change.announcedAt.toISOString(),
    };
  }
}

/** An empty one was sent by a client that had received none. */
function lastEventId({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** A stream outlives neither what its caller was let in by nor the time after which that is looked at again. */
function longestStreamMs(validUntil: Date | null): number {
  return validUntil === null ? LONGEST_STREAM_MS : Math.max(0, Math.min(LONGEST_STREAM_MS, validUntil.getTime() - Date.now()));
}

/** Aborted when the answer has ended, or its client left. */
function leaving(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    left.abort();
  });
  return left.signal;
}
