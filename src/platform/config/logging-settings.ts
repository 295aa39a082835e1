import type { Configuration, LogLevel } from './configuration.js';
import type { EnvironmentReader } from './environment-reader.js';

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function asLevel(value: string | undefined): LogLevel | undefined {
  return LEVELS.find((level) => level === value);
}

/** `LOG_LEVEL` for all modules and `LOG_LEVELS="sync=debug,http=warn"` for single ones. */
export function readLogging(reader: EnvironmentReader): Configuration['logging'] {
  const levels: Record<string, LogLevel> = {};
  for (const entry of (reader.optional('LOG_LEVELS') ?? '').split(',').filter((part) => part.trim() !== '')) {
    const [module, level] = entry.split('=').map((part) => part.trim());
    const known = asLevel(level);
    if (module === undefined || !/^[A-Za-z][\w-]*$/.test(module) || known === undefined) {
      reader.refuse(`LOG_LEVELS must be a list like sync=debug,http=warn with levels from ${LEVELS.join(', ')}`);
      break;
    }
    levels[module] = known;
  }
  return { level: reader.oneOf('LOG_LEVEL', LEVELS, 'info'), levels };
}
