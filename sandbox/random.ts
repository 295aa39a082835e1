export type KeyPart = string | number;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const OTHER_PRIME = 0x85ebca6b;

/** Spreads what is left of neighbouring keys over all 32 bits (the end of MurmurHash3). */
function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), OTHER_PRIME);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** 32 bits that depend on the parts alone: FNV-1a and a final mix. */
export function hashOf(...parts: readonly KeyPart[]): number {
  const text = parts.join('/');
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return mixed(hash);
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
    const text = key.join('/');
    let first = FNV_OFFSET;
    let second = text.length;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      first = Math.imul(first ^ code, FNV_PRIME);
      second = Math.imul(second ^ code, OTHER_PRIME) + (second >>> 15);
    }
    this.#a = mixed(first);
    this.#b = mixed(second);
    this.#c = mixed(first ^ (second << 7));
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
