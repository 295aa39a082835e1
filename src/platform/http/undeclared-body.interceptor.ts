import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { validationFailed } from './http.errors.js';

/** More would be an echo of the attack; names are cut for the same reason. */
const MAX_ERRORS = 50;
const LONGEST_NAME = 200;

/** Whether the handler has a parameter that is the body: only then somebody validates it. */
function takesBody(context: ExecutionContext): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as object | undefined;
  return Object.keys(parameters ?? {}).some((name) => name.startsWith(`${String(RouteParamtypes.BODY)}:`));
}

/** Fields sent to a call that takes none are unknown fields, as in every other body: whoever sends one expects it to do something. */
@Injectable()
export class UndeclaredBody implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!isEmpty(body) && !takesBody(context)) throw validationFailed(errorsOf(body));
    return next.handle();
  }
}

/** Clients send `{}` or nothing where nothing is asked. */
function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || (typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0);
}

function errorsOf(body: unknown): { field: string; message: string }[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [{ field: 'body', message: 'must be a JSON object' }];
  const names = Object.keys(body).slice(0, MAX_ERRORS);
  return names.map((name) => ({ field: name.slice(0, LONGEST_NAME), message: 'is not a known field' }));
}
