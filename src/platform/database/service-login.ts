import type { AbstractSqlConnection } from '@mikro-orm/postgresql';

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

/** Makes the login of `serviceUrl` a member of the group role the grants name; creates the login where it does not exist. */
export async function admitServiceLogin(connection: AbstractSqlConnection, serviceUrl: string): Promise<void> {
  const { name, password } = loginOf(serviceUrl);
  const [role] = await connection.execute<{ rolsuper: boolean }[]>('select rolsuper from pg_roles where rolname = ?', [name]);
  if (!role) {
    const secret = password === '' ? '' : ` password ${literal(password)}`;
    await connection.execute(`create role ${identifier(name)} login${secret}`);
  }
  // A superuser may do anything already; the service refuses to run as one in production.
  if (role?.rolsuper !== true) await connection.execute(`grant order_service to ${identifier(name)}`);
}
