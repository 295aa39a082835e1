/** Letters that Unicode does not take apart into a plain one and its mark. */
const PLAIN = new Map([['ł', 'l'], ['đ', 'd'], ['ø', 'o'], ['ß', 'ss'], ['æ', 'ae'], ['œ', 'oe'], ['ð', 'd'], ['þ', 'th'], ['ı', 'i']]); // prettier-ignore

/**
 * Text as it is searched: lower case, without marks on letters (`Łukasz` and `LUKASZ` become `lukasz`), one space between words.
 * Stored text and query pass through this one function, so the database needs no rule of its own.
 */
export function foldText(text: string): string {
  const letters = text.replaceAll('\0', ' ').toWellFormed().normalize('NFKD').toLowerCase();
  return letters
    .replace(/\p{M}/gu, '')
    .replace(/[łđøßæœðþı]/g, (letter) => PLAIN.get(letter) ?? letter)
    .replace(/\s+/g, ' ')
    .trim();
}

/** A number as people write it (`+48 600 700 800`, `526-10-40-828`) without its punctuation; null for what is no number. */
export function compactNumber(folded: string): string | null {
  if (!/^[+\d][\d\s()./-]*$/.test(folded)) return null;
  const digits = folded.replace(/\D/g, '');
  // Seven digits: the shortest phone number; less is part of something else.
  return digits.length < 7 ? null : nationalNumber(digits);
}

/** Polish numbers are written with and without the country's code. */
function nationalNumber(digits: string): string {
  return /^(?:00)?48\d{9}$/.test(digits) ? digits.slice(-9) : digits;
}
