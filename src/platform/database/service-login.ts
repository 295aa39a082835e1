import type { AbstractSqlConnection } from '@mikro-orm/postgresql';
import { Client } from 'pg';

interface Login {
  readonly name: string;
  readonly password: string;
}

function loginOf(serviceUrl: string): Login {
  const url = new URL(serviceUrl);
  return { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

const INVALID_PASSWORD = '28P01';

/** Whether the server refuses the password of that address; what else may be wrong is not ours to repair. */
async function isPasswordRefused(serviceUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: serviceUrl });
  try {
    await client.connect();
    return false;
  } catch (error) {
    return (error as { code?: unknown }).code === INVALID_PASSWORD;
  } finally {
    await client.end();
  }
}

/**
 * Makes the login of `serviceUrl` a member of the group role the grants name; creates the login where it does not exist, and gives
 * an existing one the password of `serviceUrl` when that is refused: a rotated password.
 */
export async function admitServiceLogin(connection: AbstractSqlConnection, serviceUrl: string): Promise<void> {
  const { name, password } = loginOf(serviceUrl);
  const [role] = await connection.execute<{ rolsuper: boolean }[]>('select rolsuper from pg_roles where rolname = ?', [name]);
  if (!role) {
    const secret = password === '' ? '' : ` password ${literal(password)}`;
    await connection.execute(`create role ${identifier(name)} login${secret}`);
  } else if (password !== '' && !role.rolsuper && (await isPasswordRefused(serviceUrl))) {
    await connection.execute(`alter role ${identifier(name)} password ${literal(password)}`);
  }
  // A superuser may do anything already; the service refuses to run as one in production.
  if (role?.rolsuper !== true) await connection.execute(`grant order_service to ${identifier(name)}`);
}
