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

/** What people write before a number: what it is, and the country a tax number is of. */
const LABEL = /^(?:(?:tel|telefon|phone|nip|vat|nr)\b[ .:]*)*/;
const COUNTRY = /^(?:at|be|bg|cy|cz|de|dk|ee|el|es|fi|fr|gb|hr|hu|ie|it|lt|lu|lv|mt|nl|pl|pt|ro|se|si|sk|ua)[ -]?(?=\d)/;
/** Seven digits: the shortest phone number; less is part of something else. */
const FEWEST_DIGITS = 7;
/** A number after the 00 of an international call is this long at least, with the 00; shorter ones begin with zeros of their own. */
const SHORTEST_INTERNATIONAL = 12;

/** A number as people write it (`(+48) 600 700 800`, `tel. 600-700-800`, `PL 526-10-40-828`) without its punctuation; null for what is no number. */
export function compactNumber(folded: string): string | null {
  const written = folded.replace(LABEL, '').replace(COUNTRY, '');
  if (!/^[+\d(][\d\s()+./-]*$/.test(written)) return null;
  const digits = written.replace(/\D/g, '');
  return digits.length < FEWEST_DIGITS ? null : nationalNumber(digits);
}

/** Without the 00 of an international call. Polish numbers are written with and without the country's code. */
function nationalNumber(digits: string): string {
  const number = digits.startsWith('00') && digits.length >= SHORTEST_INTERNATIONAL ? digits.slice(2) : digits;
  return /^48\d{9}$/.test(number) ? number.slice(2) : number;
}
