export type Encoding = 'br' | 'gzip';

/** In our order of preference. */
const KNOWN: readonly Encoding[] = ['br', 'gzip'];

/** The encoding an `Accept-Encoding` asks for most, of those we have; null for none. */
export function acceptedEncoding(header: string | string[] | undefined): Encoding | null {
  const weights = new Map(String(header ?? '').split(',').map(weightOf)); // prettier-ignore
  const accepted = KNOWN.filter((encoding) => (weights.get(encoding) ?? 0) > 0);
  return accepted.sort((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0))[0] ?? null;
}

/** `gzip;q=0.5` as its name and weight; a weight that is none counts as refused. */
function weightOf(part: string): [string, number] {
  const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const value = weight === undefined ? 1 : Number(weight.slice(2));
  return [name, Number.isFinite(value) ? value : 0];
}
