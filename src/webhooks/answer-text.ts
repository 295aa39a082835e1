/** A sentence or the beginning of a page. */
const LONGEST_SHOWN = 500;

/** What a receiver answered, as it may be shown: short, on one line, without control characters; it is text and never markup. */
export function answerText(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}
