import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';
import { joinPersonalData, splitPersonalData } from '../platform/vault/personal-data.js';

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

/** The text by which the same reading is recognised, whatever the order of its keys. */
export function contentText(orderId: string, content: JsonValue): string {
  return `${orderId}\n${JSON.stringify(sorted(content))}`;
}

/** The reading as it may be kept: whole, national identity numbers noted; of an erased order nothing personal. */
export function keptContent(content: JsonValue, isErased: boolean): JsonValue {
  if (!isJsonObject(content)) return content;
  const { payload, personal } = splitPersonalData(content);
  const kept: JsonObject = joinPersonalData(payload, isErased ? null : personal);
  return kept;
}
