import type { LoggerService } from '@nestjs/common';
import type { LogLevel } from '../config/configuration.js';
import type { StructuredLogger } from './structured-logger.js';

/** Contexts of the framework itself; they share one module name, so that one setting turns them up. */
const FRAMEWORK_CONTEXTS = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'Injector',
  'ExceptionsHandler',
  'ExceptionHandler',
  'FastifyAdapter',
  'PackageLoader',
  'MikroORM',
  'WebSocketsController',
  'LegacyRouteConverter',
]);

/**
 * Routes Nest's `Logger` to the structured log: `logger.warn('what happened', { taskId }, error)`. Objects become fields,
 * an error becomes `err` with its causes, the name given to `new Logger('sync')` becomes the module.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: StructuredLogger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.record('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.record('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.record('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.record('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.record('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.record('fatal', message, rest);
  }

  private record(level: Exclude<LogLevel, 'silent'>, message: unknown, rest: readonly unknown[]): void {
    const last = rest.at(-1);
    const context = typeof last === 'string' && !last.includes('\n') ? last : undefined;
    const details = context === undefined ? rest : rest.slice(0, -1);
    const fields: Record<string, unknown> = {};
    for (const detail of [message, ...details]) addTo(fields, detail);
    const module = context === undefined || FRAMEWORK_CONTEXTS.has(context) ? 'nest' : context;
    this.logger.write(level, { module, message: textOf(message), fields });
  }
}

function addTo(fields: Record<string, unknown>, detail: unknown): void {
  if (detail instanceof Error) Object.assign(fields, { err: detail });
  else if (typeof detail === 'object' && detail !== null) Object.assign(fields, detail);
  // Nest hands the stack over as a text of several lines.
  else if (typeof detail === 'string' && detail.includes('\n    at ')) Object.assign(fields, { stack: detail });
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : 'details';
}
