import { RouteConfig } from '@nestjs/platform-fastify';

/** A handler of the API answers in under 10 s; what streams for longer hijacks its reply or says so with {@link AnswersWithin}. */
export const HANDLER_TIMEOUT_MS = 30_000;

/** Gives a handler as long as this to have sent its answer. */
export const AnswersWithin = (milliseconds: number) => RouteConfig({ handlerTimeout: milliseconds });

/** What {@link AnswersWithin} says of a route. */
export function ownTimeoutOf(config: unknown): number | undefined {
  return (config as { handlerTimeout?: number } | undefined)?.handlerTimeout;
}
