import { inspect } from 'node:util';

const MASK = '[secret]';

/** A string that must never be printed: logging, JSON, string conversion and inspection all show `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The one way to the value; call it where the value is used, never to store it elsewhere. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
