/** Enough to tell a captcha from a maintenance page. */
const EXCERPT_LENGTH = 200;
/** Anything as long as a token or an id, and anything like an e-mail address or a phone number. */
const TELLING = /[\w.+-]+@[\w.-]+|[\w+/=.-]{24,}|\+?\d[\d -]{7,}\d/g;

/** The beginning of a page that was not JSON, for logs: control characters escaped, what may name a person or open a door masked. */
export function pageExcerpt(text: string): string {
  const masked = text.slice(0, EXCERPT_LENGTH * 4).replace(TELLING, '[masked]');
  return Array.from(masked.slice(0, EXCERPT_LENGTH), escapeCharacter).join('');
}

function escapeCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point >= 0x20 && point < 0x7f ? character : `\\u{${point.toString(16)}}`;
}
