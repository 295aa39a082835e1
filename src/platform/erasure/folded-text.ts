/**
 * Text as it is compared when a buyer is looked for: lower case, no marks on letters, single spaces, numbers without their punctuation,
 * so that `+48 600-100-200` is found as `48600100200`.
 */
export function foldedText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replaceAll('ł', 'l')
    .replace(/(?<=\d)[\s().-]+(?=\d)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
