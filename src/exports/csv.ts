/** What separates cells; Excel with Polish settings reads `;`. */
export type Delimiter = ',' | ';';

/** What a spreadsheet reads as a formula, also behind blanks and quotes and in full-width letters; and control characters in front, which hide one. */
const FORMULA = /^(?:[\t\r\n\0]|[\s\0"']*[=+\-@＝＋－＠])/;
/** Both delimiters and TAB are quoted whichever is used: programs guess. */
const NEEDS_QUOTES = /[",;\t\r\n\0]|^\s|\s$/;

/** A text that no spreadsheet executes: one that could be a formula gets an apostrophe in front. */
export function formulaSafe(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** One record of RFC 4180, with its line break. Cells are written as they are: texts of others go through {@link formulaSafe} first. */
export function csvRecord(cells: readonly string[], delimiter: Delimiter): string {
  return `${cells.map(csvCell).join(delimiter)}\r\n`;
}

function csvCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
