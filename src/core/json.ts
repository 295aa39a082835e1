export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with sorted keys: equal content gives equal text, whatever order the keys arrived in. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** A copy of an object with every member replaced; an own member named `__proto__` stays a member. */
export function mapMembers(object: JsonObject, change: (key: string, member: JsonValue) => JsonValue): JsonObject {
  const mapped: JsonObject = {};
  for (const key of Object.keys(object)) {
    const value = change(key, object[key] as JsonValue);
    if (key === '__proto__') Object.defineProperty(mapped, key, { value, enumerable: true, configurable: true, writable: true });
    else mapped[key] = value;
  }
  return mapped;
}
