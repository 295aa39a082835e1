import { readFileSync } from 'node:fs';
import { Secret } from '../../core/secret.js';

export type FileReader = (path: string) => string;

export interface Bounds {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

/** Reads single variables and collects the mistakes, so that an operator sees all of them in one go. */
export class EnvironmentReader {
  readonly mistakes: string[] = [];

  constructor(
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly readFile: FileReader = (path) => readFileSync(path, 'utf8'),
  ) {}

  /** Records a mistake; the text names variables, never values. */
  refuse(mistake: string): void {
    this.mistakes.push(mistake);
  }

  /** The variable without surrounding blanks; unset and empty are the same. */
  optional(name: string): string | null {
    const value = this.env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  /** Whether a setting is given at all, itself or as the file that holds it. */
  isGiven(name: string): boolean {
    return this.optional(name) !== null || this.optional(`${name}_FILE`) !== null;
  }

  text(name: string, fallback?: string): string {
    const value = this.optional(name) ?? fallback;
    if (value === undefined) this.refuse(`${name} is not set`);
    return value ?? '';
  }

  /** A secret from `NAME` or from the file named by `NAME_FILE`; null when neither is set. */
  optionalSecret(name: string): Secret | null {
    const path = this.optional(`${name}_FILE`);
    const value = this.optional(name);
    if (path !== null && value !== null) {
      this.refuse(`${name} and ${name}_FILE are both set: one of them has to go`);
      return null;
    }
    if (path === null) return value === null ? null : new Secret(value);
    return this.secretFromFile(`${name}_FILE`, path);
  }

  secret(name: string): Secret {
    const before = this.mistakes.length;
    const secret = this.optionalSecret(name);
    if (secret === null && this.mistakes.length === before) this.refuse(`${name} is not set (nor ${name}_FILE)`);
    return secret ?? new Secret('');
  }

  integer(name: string, bounds: Bounds): number {
    const value = this.optional(name);
    if (value === null) return bounds.fallback;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= bounds.min && number <= bounds.max) return number;
    this.refuse(`${name} must be a whole number from ${String(bounds.min)} to ${String(bounds.max)}`);
    return bounds.fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.optional(name);
    if (value === null) return fallback;
    const flag = Object.hasOwn(FLAGS, value.toLowerCase()) ? FLAGS[value.toLowerCase()] : undefined;
    if (flag === undefined) this.refuse(`${name} must be true or false`);
    return flag ?? fallback;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.optional(name);
    if (value === null) return fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) this.refuse(`${name} must be one of ${allowed.join(', ')}`);
    return found ?? fallback;
  }

  /** A http(s) address without credentials, query or fragment; a trailing slash is dropped. */
  httpUrl(name: string, fallback?: string): string {
    const value = this.text(name, fallback);
    if (value === '') return value;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      this.refuse(`${name} must be an http or https address`);
      return '';
    }
    if (url.username + url.password + url.search + url.hash !== '') {
      this.refuse(`${name} must not carry credentials, a query or a fragment`);
    }
    return value.replace(/\/+$/, '');
  }

  private secretFromFile(name: string, path: string): Secret | null {
    try {
      const value = this.readFile(path).trim();
      if (value !== '') return new Secret(value);
      this.refuse(`the file named by ${name} is empty`);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'error';
      this.refuse(`the file named by ${name} cannot be read (${code})`);
    }
    return null;
  }
}
