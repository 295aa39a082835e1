export type KeyPart = string | number;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32 bits of FNV-1a over the parts, with a final mix so that neighbouring keys share nothing. */
export function hashOf(...parts: readonly KeyPart[]): number {
  const text = parts.join('/');
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number in [0, 1) that depends on the key alone: what makes a fault or a quirk reproducible. */
export function unitOf(...parts: readonly KeyPart[]): number {
  return hashOf(...parts) / 4_294_967_296;
}

/** sfc32 seeded from a key: the same key always gives the same sequence, in every process. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(...key: readonly KeyPart[]) {
    this.#a = hashOf('a', ...key);
    this.#b = hashOf('b', ...key);
    this.#c = hashOf('c', ...key);
    for (let round = 0; round < 4; round += 1) this.#word();
  }

  /** A number in [0, 1). */
  unit(): number {
    return this.#word() / 4_294_967_296;
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.unit() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.integer(0, choices.length - 1)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.#word().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }

  digits(length: number): string {
    let text = '';
    while (text.length < length) text += String(this.integer(0, 9));
    return text;
  }

  text(length: number, alphabet: string): string {
    let text = '';
    while (text.length < length) text += alphabet.charAt(this.integer(0, alphabet.length - 1));
    return text;
  }

  /** Shaped like Allegro's ids, which are time-based UUIDs (`xxxxxxxx-xxxx-11f0-8xxx-...`). */
  uuid(): string {
    const hex = this.hex(27);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-11f0-8${hex.slice(12, 15)}-${hex.slice(15)}`;
  }

  #word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
