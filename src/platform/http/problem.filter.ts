import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../core/problem.js';
import { problemDocument } from './problem-document.js';
import { problemOf } from './problem-of.js';

function challengeOf(problem: Problem): string {
  const realm = 'Bearer realm="allegro-order-log"';
  return problem.code === 'ACCESS_TOKEN_REQUIRED' ? realm : `${realm}, error="invalid_token"`;
}

/** Sends the problem as `application/problem+json`. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?', 1)[0] ?? '';
  if (problem.status === 401) void reply.header('WWW-Authenticate', challengeOf(problem));
  if (problem.retryAfterSeconds !== undefined) void reply.header('Retry-After', String(Math.ceil(problem.retryAfterSeconds)));
  const document = problemDocument(problem, { path, requestId: request.id });
  void reply.code(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(document));
}

/** Every failure of a request ends here, once: what the caller may know goes out, the cause goes to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error);
    this.log(problem, error);
    if (reply.sent || reply.raw.headersSent) {
      // A stream broke off in the middle: the cut connection is the only honest answer left.
      reply.raw.destroy();
      return;
    }
    sendProblem(problem, http.getRequest<FastifyRequest>(), reply);
  }

  private log(problem: Problem, error: unknown): void {
    const fields = { code: problem.code, err: problem.cause ?? error };
    if (problem.status >= 500) this.logger.error('a request failed', fields);
    else if (problem.cause !== undefined) this.logger.warn('a request was refused', fields);
  }
}
