import { type DestinationStream, destination, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import type { Configuration, LogLevel } from '../config/configuration.js';
import { currentLogFields } from './log-context.js';
import { scrubText, scrubValue } from './scrub.js';

export interface LogRecord {
  readonly module: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The framework's own start-up chatter: one line a module and route, of use only to whoever debugs the framework. */
const FRAMEWORK_LEVEL: LogLevel = 'warn';

/** JSON lines on stdout, one a record, every value scrubbed. The only writer of logs in the process. */
export class StructuredLogger {
  private readonly pino: Pino;
  private readonly children = new Map<string, Pino>();

  constructor(
    private readonly configuration: Pick<Configuration, 'logging' | 'role'>,
    private readonly output: DestinationStream & { flushSync?: () => void } = destination({ dest: 1, sync: false }),
  ) {
    const options = {
      level: configuration.logging.level,
      base: { role: configuration.role },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: (label: string) => ({ level: label }) },
    };
    this.pino = pino(options, this.output);
  }

  write(level: Exclude<LogLevel, 'silent'>, record: LogRecord): void {
    const logger = this.child(record.module);
    if (!logger.isLevelEnabled(level)) return;
    const fields = { ...currentLogFields(), ...record.fields };
    logger[level](scrubValue(fields) as object, scrubText(record.message).replaceAll('%', '%%'));
  }

  /** Writes what is still buffered; the last thing a process does. */
  flush(): void {
    this.output.flushSync?.();
  }

  private child(module: string): Pino {
    const known = this.children.get(module);
    if (known !== undefined) return known;
    const level = this.configuration.logging.levels[module] ?? (module === 'nest' ? FRAMEWORK_LEVEL : undefined);
    const child = this.pino.child({ module }, level === undefined || this.configuration.logging.level === 'silent' ? {} : { level });
    this.children.set(module, child);
    return child;
  }
}
