import { parseInstant } from '../../core/instant.js';
import { isJsonObject, type JsonValue } from '../../core/json.js';

/** When the latest item of a form, or of the order a journal event tells of, was bought; null when nothing says so. */
export function purchasedAt(document: JsonValue | undefined): Date | null {
  if (!isJsonObject(document)) return null;
  const { lineItems } = document;
  if (!Array.isArray(lineItems)) return purchasedAt(document['order']);
  const instants = lineItems.map((item) => (isJsonObject(item) ? parseInstant(item['boughtAt']) : null)).filter((instant) => instant !== null);
  return instants.reduce<Date | null>((latest, instant) => (latest === null || instant > latest ? instant : latest), null);
}
