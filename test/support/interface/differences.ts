type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

/** Where two documents differ, as JSON pointers; the first of each branch. */
export function differences(kept: Json | undefined, fresh: Json | undefined, place = '#'): string[] {
  if (JSON.stringify(kept) === JSON.stringify(fresh)) return [];
  if (!isBranch(kept) || !isBranch(fresh)) return [place];
  const names = [...new Set([...Object.keys(kept), ...Object.keys(fresh)])];
  const within = names.flatMap((name) => differences(memberOf(kept, name), memberOf(fresh, name), `${place}/${name.replaceAll('/', '~1')}`));
  return within.length > 0 ? within : [`${place} (the order of its members)`];
}

const isBranch = (value: Json | undefined): value is { readonly [member: string]: Json } => typeof value === 'object' && value !== null;
const memberOf = (value: { readonly [member: string]: Json }, name: string): Json | undefined => (Object.hasOwn(value, name) ? value[name] : undefined);
