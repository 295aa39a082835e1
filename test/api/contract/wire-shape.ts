/** A JSON type as a client relies on it: names separated by `|`, an object of them, or a list of one. */
export type Shape = string | readonly [Shape] | { readonly [member: string]: Shape };

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  list: (value) => Array.isArray(value),
  instant: (value) => typeof value === 'string' && INSTANT.test(value),
  uuid: (value) => typeof value === 'string' && UUID.test(value),
};

/** Where a value is not of the shape; more members than it names are welcome. */
export function mismatches(value: unknown, shape: Shape, place = 'answer'): string[] {
  if (typeof shape === 'string') {
    const fits = shape.split('|').some((name) => TYPES[name]?.(value) === true);
    return fits ? [] : [`${place} is ${JSON.stringify(value)}, not ${shape}`];
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${place} is no list`];
    return value.flatMap((item, index) => mismatches(item, shape[0], `${place}[${String(index)}]`));
  }
  if (TYPES['object']?.(value) !== true) return [`${place} is no object`];
  const members = value as Readonly<Record<string, unknown>>;
  return Object.entries(shape).flatMap(([name, member]) =>
    Object.hasOwn(members, name) ? mismatches(members[name], member, `${place}.${name}`) : [`${place}.${name} is missing`],
  );
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
