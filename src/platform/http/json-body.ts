/** The contract's deepest body has three levels; nobody needs more than this. */
const MAX_DEPTH = 32;
/** A bulk flag change of 1,000 orders has some 5,000 members. */
const MAX_MEMBERS = 20_000;
const REFUSED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;

type Container = { readonly kind: 'array' } | { readonly kind: 'object'; readonly names: Set<string> };

/** Walks the tokens of a JSON text; strict parsing follows, this finds what `JSON.parse` would let through. */
class StructureScan {
  private readonly containers: Container[] = [];
  private members = 0;
  private lastText = '';

  accepts(token: string): boolean {
    switch (token) {
      case '{':
        return this.open({ kind: 'object', names: new Set() });
      case '[':
        return this.open({ kind: 'array' });
      case '}':
      case ']':
        this.containers.pop();
        return true;
      case ':':
        return this.name();
      case ',':
        return this.count();
      default:
        this.lastText = token;
        return true;
    }
  }

  private open(container: Container): boolean {
    this.containers.push(container);
    return this.containers.length <= MAX_DEPTH && this.count();
  }

  private count(): boolean {
    this.members += 1;
    return this.members <= MAX_MEMBERS;
  }

  /** The text before a colon is a member's name: twice the same one means two readers may see two documents. */
  private name(): boolean {
    const container = this.containers.at(-1);
    if (container?.kind !== 'object') return false;
    const name = this.lastText.includes('\\') ? (JSON.parse(this.lastText) as string) : this.lastText.slice(1, -1);
    if (REFUSED_NAMES.has(name) || container.names.has(name)) return false;
    container.names.add(name);
    return true;
  }
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function isAcceptable(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value === 'number') return isExact(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => isStorable(name) && isAcceptable(member));
}

/**
 * Parses a request body. Refused beside bad syntax: bytes that are no UTF-8, repeated names, names that touch prototypes,
 * more than 32 levels or 20,000 members, numbers JavaScript cannot hold exactly, NUL and broken Unicode.
 * @throws SyntaxError
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const scan = new StructureScan();
  for (const [token] of text.matchAll(TOKEN)) {
    if (!scan.accepts(token)) throw new SyntaxError('the body has a structure that is not accepted');
  }
  const value: unknown = JSON.parse(text);
  if (!isAcceptable(value)) throw new SyntaxError('the body holds a value that is not accepted');
  return value;
}
