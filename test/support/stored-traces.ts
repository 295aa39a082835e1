import type pg from 'pg';
import type { JsonObject } from '../../src/core/json.js';
import { inventedEvent, inventedForm } from './invented-orders.js';

/** An invented person; nothing of one is part of another's. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string;
  readonly street: string;
}

export function person(number: number): Person {
  const n = String(number).padStart(5, '0');
  return {
    id: `8${n}1`,
    email: `kupujacy.${n}x@example.com`,
    login: `login-${n}x`,
    firstName: `Żaneta${n}x`,
    lastName: `Łubudubska${n}x`,
    phone: `+48 734 5${n.slice(0, 2)} ${n.slice(2)}`,
    street: `ul. Zmyślona ${n}x/4`,
  };
}

/** A form that names the person in every place a form has for it. */
export function formOf(orderId: string, who: Person, changes: JsonObject = {}): JsonObject {
  const { id, email, login, firstName, lastName, phone, street } = who;
  const address = { firstName, lastName, street, city: 'Nigdzie', zipCode: '00-000', countryCode: 'PL', phoneNumber: phone };
  const form = inventedForm(orderId);
  return {
    ...form,
    buyer: { ...(form['buyer'] as JsonObject), id, email, login, firstName, lastName, phoneNumber: phone, address: { street, city: 'Nigdzie' } },
    delivery: { ...(form['delivery'] as JsonObject), address },
    invoice: { required: true, address: { ...address, naturalPerson: { firstName, lastName } }, dueDate: null, features: null },
    messageToSeller: `Please call ${firstName} ${lastName}`,
    ...changes,
  };
}

/** A journal event of theirs; `orderId` null names no order. */
export const eventOf = (eventId: string, orderId: string | null, { id, email, login }: Person): JsonObject => {
  const event = inventedEvent(eventId, orderId);
  return { ...event, order: { ...(event['order'] as JsonObject), buyer: { id, email, login, guest: false } } };
};

/** What must not be found of a person, as it was read and as it is folded for the search. */
export function tracesOf({ email, login, firstName, lastName, phone, street }: Person): string[] {
  const read = [email, login, firstName, lastName, phone, street];
  const folded = read.map((text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ł', 'l'));
  return [...new Set([...read, ...folded, phone.replace(/\D/g, '').slice(2)])];
}

const TABLES = `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'`;

/** The tables in which any of the texts stands: in any column, as text, inside JSON, or as bytes that nobody sealed. */
export async function tablesWith(owner: pg.Client, texts: readonly string[]): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(TABLES);
  const hex = texts.map((text) => Buffer.from(text).toString('hex'));
  const found: string[] = [];
  for (const { name } of [...rows, { name: 'pg_stats' }]) {
    // OFFSET 0 keeps the row's text from being made again for every text that is looked for.
    const hit = await owner.query(
      `select 1 from (select lower(t::text) as line from ${name} t offset 0) s
       where exists (select from unnest($1::text[]) n where position(n in line) > 0) limit 1`,
      [[...texts.map((text) => text.toLowerCase()), ...hex]],
    );
    if (hit.rows.length > 0) found.push(name);
  }
  return found;
}
