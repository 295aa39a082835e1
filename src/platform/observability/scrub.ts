/** Longer texts are cut: one line of a log stays readable, and nobody fills the disk through an error message. */
const MAX_TEXT_LENGTH = 2_000;
/** Deeper values are not for logs. */
const MAX_DEPTH = 5;
const MAX_ENTRIES = 50;
const MASK = '[secret]';

/** Names under which secrets or personal data travel; `token_id` and the like stay readable. */
const SENSITIVE_NAMES = new RegExp(
  '^(authorization|cookie|set-cookie|pass(word|phrase)?|.*secret|(access|refresh|allegro|id|bearer)_?token|token|jwt|(device|user)_?code|api_?key|pepper' +
    '|e-?mail|phone(_?number)?|(first|last|company)_?name|login|street|address|city|zip_?code|tax_?id|nip|pesel|personal_?identity|message_?to_?seller|body|payload|params)$',
  'i',
);

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}(\.[\w-]*){0,4}/g, '[jwt]'],
  [/\baolk_[0-9a-f]{32}_\w{4,}/g, '[machine key]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 [secret]'],
  [/:\/\/[^\s/@]{1,400}@/g, '://[secret]@'],
  [/[\w.%+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,8}/g, '[e-mail]'],
  [
    /\b((refresh|access|id|allegro)[_ -]?token|(device|user)[_ -]?code|client[_ -]?secret|password|secret|token)(["']?\s*[:=]\s*["']?)[^\s"'&,;}\]]{4,}/gi,
    '$1$4[secret]',
  ],
  [/\b((refresh|access)[_ -]?token|device[_ -]?code)\s+["']?[\w.~+/=-]{16,}/gi, '$1 [secret]'],
  [/\+\d{2}[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}\b/g, '[phone]'],
];

/** Control and direction characters as visible escapes: a text can neither start a new line nor colour or hide one. */
function neutralise(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** The text without what looks like a secret or an address, on one line and at most 2,000 characters long. */
export function scrubText(text: string): string {
  const cut = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)} [${String(text.length - MAX_TEXT_LENGTH)} more]` : text;
  const scrubbed = PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), cut.toWellFormed());
  return neutralise(scrubbed);
}

function scrubError(error: Error, depth: number): Record<string, unknown> {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    message: scrubText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    // The first frames tell where; the message at the head of the stack would repeat itself unscrubbed.
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .map((line) => scrubText(line.trim())),
    ...(cause === undefined ? {} : { cause: scrubValue(cause, depth + 1) }),
  };
}

function scrubObject(value: object, depth: number): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => scrubValue(item, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(entries.map(([name, item]) => [scrubText(name), SENSITIVE_NAMES.test(name) ? MASK : scrubValue(item, depth + 1)]));
}

const timeText = (time: Date) => (Number.isNaN(time.getTime()) ? 'invalid date' : time.toISOString());

function scrubPlain(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return scrubText(value);
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    default:
      return value;
  }
}

/**
 * A copy of the value that may be printed: secrets masked by type, by name and by pattern, texts cut, depth bounded.
 * The last defence, not the first: callers pass ids, not documents.
 */
export function scrubValue(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return scrubPlain(value);
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return scrubError(value, depth);
  if (value instanceof Date) return timeText(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return scrubValue((toJSON as () => unknown).call(value), depth + 1);
  return scrubObject(value, depth);
}
