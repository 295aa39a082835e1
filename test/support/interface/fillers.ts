import { type InterfaceDocument, type Operation, resolved, type Schema } from './operations.js';
import type { Subjects } from './stage.js';

type Value = string | number | boolean | null | readonly Value[] | { readonly [member: string]: Value };
type Filler = (subjects: Subjects) => Value;

/** A request in which every name is filled. */
export interface FilledRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, Value>> | null;
}

const subject =
  (name: string): Filler =>
  (subjects) =>
    subjects[name] ?? '';
const always =
  (value: Value): Filler =>
  () =>
    value;

/** What stands for a parameter or a field, by its name. */
const BY_NAME: Readonly<Record<string, Filler>> = {
  ...Object.fromEntries(
    [
      'token_id',
      'order_id',
      'task_id',
      'sync_id',
      'item_id',
      'plan_id',
      'erasure_id',
      'webhook_id',
      'message_id',
      'lease_id',
      'export_id',
      'key_id',
      'id',
      'user_id',
    ].map((name) => [name, subject(name)]),
  ),
  token_ids: ({ token_id }) => [token_id ?? ''],
  fencing_token: ({ fencing_token }) => Number(fencing_token),
  device_code: subject('device_code'),
  as_of: subject('as_of'),
  from: subject('as_of'),
  since: subject('as_of'),
  query: always('invented'),
  account_name: always('shop of the matrix'),
  allegro_token: subject('allegro_token'),
  refresh_token: subject('refresh_token'),
  expires_at: subject('expires_at'),
  is_stock_updated: always(true),
  has_invoice_created: always(true),
  purpose: always('invoice'),
  interval_minutes: always(10),
  reason: always('ticket 4711'),
  url: always('https://hooks.example.com/matrix'),
  // Of a setting: one that tenants may have too, and that no other call of the matrix comes near.
  name: always('webhooks.most_webhooks'),
  value: always(30),
  changes: ({ order_id }) => [{ order_id: order_id ?? '', is_stock_updated: false }],
};

/** Where a name means something else than usual. */
const BY_OPERATION: Readonly<Record<string, Readonly<Record<string, Filler>>>> = {
  'GET /api/v1/tokens/auth/task/{task_id}': { task_id: subject('link_task_id') },
  'POST /api/v1/sync/tasks/{task_id}/retry': { task_id: subject('failed_task_id') },
  'GET /api/v1/failed-orders/{order_id}': { order_id: subject('failed_order_id') },
  'POST /api/v1/failed-orders/{order_id}/retry': { order_id: subject('failed_order_id') },
  'POST /api/v1/keys': { name: always('machine of the matrix'), scopes: always(['orders:read']) },
  'POST /api/v1/tokens/auth/initialize': { account_name: always('linked in the matrix') },
  'POST /api/v1/erasures': { order_id: subject('erased_order_id') },
};

/** Deleting or changing a token leaves the one everything else hangs on alone. */
function fillerOf(operation: Operation, name: string): Filler | undefined {
  const own = BY_OPERATION[operation.name]?.[name];
  if (own) return own;
  return name === 'token_id' && operation.path.startsWith('/api/v1/tokens/{token_id}') ? subject('spare_token_id') : BY_NAME[name];
}

/** Names of things a tenant owns: filled also where they may be left out. */
const OWNED = new Set(['token_id', 'token_ids', 'task_id']);
/** Fields of bodies that may be left out by the document, yet not all of them. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'POST /api/v1/erasures': ['order_id'],
  'PUT /api/v1/tokens/{token_id}': ['account_name'],
};

export class NothingFills extends Error {
  constructor(operation: Operation, name: string) {
    super(
      `${operation.name}: nothing fills "${name}". Make one in test/support/interface/stage.ts, return its id among the subjects, ` +
        `and name it in BY_NAME (or BY_OPERATION) of test/support/interface/fillers.ts.`,
    );
  }
}

/** The request of an operation in which every name stands for something the subjects' tenant owns. @throws NothingFills */
export function fill(operation: Operation, document: InterfaceDocument, subjects: Subjects): FilledRequest {
  const value = (name: string): Value => {
    const filled = fillerOf(operation, name)?.(subjects);
    if (filled === undefined || filled === '' || Number.isNaN(filled)) throw new NothingFills(operation, name);
    return filled;
  };
  const named = (where: 'path' | 'query') =>
    operation.parameters.filter((parameter) => parameter.in === where && (parameter.required === true || OWNED.has(parameter.name)));
  const textOf = ({ name }: { name: string }): [string, string] => [name, String(value(name))];
  return {
    path: Object.fromEntries(named('path').map(textOf)),
    query: Object.fromEntries([...named('query').map(textOf), ...fencing(operation, subjects)]),
    body: operation.body && Object.fromEntries(fieldsOf(operation, resolved(document, operation.body)).map((name) => [name, value(name)])),
  };
}

/** The document lets it be left out; without it nobody gives a claim back. */
function fencing(operation: Operation, subjects: Subjects): [string, string][] {
  const asked = operation.parameters.some(({ name, in: where }) => name === 'fencing_token' && where === 'query');
  return asked ? [['fencing_token', subjects['fencing_token'] ?? '']] : [];
}

function fieldsOf(operation: Operation, schema: Schema): string[] {
  const owned = Object.keys(schema.properties ?? {}).filter((name) => OWNED.has(name));
  return [...new Set([...(schema.required ?? []), ...owned, ...(NEEDED[operation.name] ?? [])])];
}

export function addressOf(operation: Operation, { path, query }: FilledRequest): string {
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? filled : `${filled}?${search}`;
}

/** True when the request names anything a tenant owns. */
export function namesSomething({ path, query, body }: FilledRequest): boolean {
  // A setting's name is the installation's, and known to everybody.
  return (
    Object.keys(path).some((name) => name !== 'name') ||
    [...Object.keys(query), ...Object.keys(body ?? {})].some((name) => OWNED.has(name) || name === 'device_code')
  );
}
