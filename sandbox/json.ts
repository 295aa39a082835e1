export type Json = string | number | boolean | null | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** The object at a key, or null where there is none: forms carry null and absent alike. */
export function objectAt(parent: JsonObject, key: string): JsonObject | null {
  const value = parent[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

/** A text member, or an empty text where there is none. */
export function textAt(parent: JsonObject, key: string): string {
  const value = parent[key];
  return typeof value === 'string' ? value : '';
}

export function listAt(parent: JsonObject, key: string): Json[] {
  const value = parent[key];
  return Array.isArray(value) ? value : [];
}
