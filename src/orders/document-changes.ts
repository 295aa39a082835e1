import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.js';

/** One changed place. Members of lists are named by their id where all have one: `lineItems[<id>].quantity`. Absent reads as null. */
export interface DocumentChange {
  readonly path: string;
  readonly old: JsonValue;
  readonly new: JsonValue;
}

type Members = ReadonlyMap<string, JsonValue>;

function idOf(item: JsonValue): string | null {
  const id = isJsonObject(item) ? item['id'] : null;
  return typeof id === 'string' && id !== '' ? id : null;
}

/** Whether every item of a list has an id of its own. */
function hasIds(list: readonly JsonValue[]): boolean {
  const ids = list.map(idOf);
  return !ids.includes(null) && new Set(ids).size === ids.length;
}

const listMembers = (list: readonly JsonValue[], byId: boolean): Members =>
  new Map(list.map((item, index) => [`[${byId ? String(idOf(item)) : String(index)}]`, item]));

const objectMembers = (value: JsonObject): Members => new Map(Object.entries(value));

function membersOf(old: JsonValue, now: JsonValue): readonly [Members, Members] | null {
  if (isJsonObject(old) && isJsonObject(now)) return [objectMembers(old), objectMembers(now)];
  if (!Array.isArray(old) || !Array.isArray(now)) return null;
  const byId = hasIds(old) && hasIds(now);
  return [listMembers(old, byId), listMembers(now, byId)];
}

function pathTo(parent: string, member: string): string {
  return parent === '' || member.startsWith('[') ? parent + member : `${parent}.${member}`;
}

function collect(path: string, old: JsonValue, now: JsonValue, changes: DocumentChange[]): void {
  if (old === now) return;
  const members = membersOf(old, now);
  if (!members) {
    changes.push({ path, old, new: now });
    return;
  }
  const [before, after] = members;
  for (const key of new Set([...before.keys(), ...after.keys()])) collect(pathTo(path, key), before.get(key) ?? null, after.get(key) ?? null, changes);
}

/** Every place at which two documents differ; key order and the order of lists with ids do not count. */
export function documentChanges(old: JsonObject, now: JsonObject): DocumentChange[] {
  const changes: DocumentChange[] = [];
  collect('', old, now, changes);
  return changes;
}
