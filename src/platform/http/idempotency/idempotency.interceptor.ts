import { Readable } from 'node:stream';
import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor, StreamableFile } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable, of } from 'rxjs';
import type { ScopedRequest } from '../access/access.decorators.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { type Begun, IdempotentAnswers } from './idempotent-answers.service.js';
import { SECRET_ANSWER } from './secret-answer.decorator.js';

type Request = FastifyRequest & ScopedRequest;

/** All that makes a request what it is, in the caller's own spelling. */
function contentOf(request: Request): string {
  const [path = '', search = ''] = request.url.split('?', 2);
  return JSON.stringify([request.method, path.replace(/\/$/, ''), search, request.body ?? null]);
}

/** Every POST may be repeated under its Idempotency-Key: the first one is done, the others get its answer. Failures are not kept. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger('idempotency');

  constructor(
    private readonly answers: IdempotentAnswers,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const { tenantScope: scope } = request;
    const key = request.method === 'POST' ? idempotencyKeyOf(request.headers['idempotency-key']) : null;
    if (key === null || !scope) return next.handle();
    const begun = await this.answers.begin({ tenantId: scope.tenantId, actor: scope.actor, key }, contentOf(request));
    const reply = http.getResponse<FastifyReply>();
    const isSecret = this.reflector.get<boolean | undefined>(SECRET_ANSWER, context.getHandler()) === true;
    if ('owner' in begun) return from(this.firstAnswer(begun, { next, reply, isSecret }));
    void reply.status(begun.status).header('Idempotency-Replayed', 'true');
    return of(begun.value);
  }

  private async firstAnswer(begun: Begun, { next, reply, isSecret }: { next: CallHandler; reply: FastifyReply; isSecret: boolean }): Promise<unknown> {
    const value: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined }).catch(async (error: unknown) => {
      await this.settled(() => this.answers.abandon(begun));
      throw error;
    });
    const isKept = !reply.sent && !(value instanceof StreamableFile || value instanceof Readable || Buffer.isBuffer(value));
    await this.settled(() => (isKept ? this.answers.finish(begun, { status: reply.statusCode, value }, isSecret) : this.answers.abandon(begun)));
    return value;
  }

  /** What happened has happened: it is answered although the key could not be settled, which its lease does a minute later. */
  private async settled(settle: () => Promise<void>): Promise<void> {
    await settle().catch((error: unknown) => {
      this.logger.error('an Idempotency-Key could not be settled', { err: error });
    });
  }
}
