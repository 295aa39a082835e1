import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Tokens } from '../../src/tokens/tokens.service.js';
import { Service } from '../support/service.js';
import { freshPair, type TokenWorld, tokenWorld } from '../support/token-app.js';

describe('the secrets of sellers', () => {
  let world: TokenWorld;
  let app: Service;

  beforeAll(async () => {
    world = await tokenWorld();
    app = await Service.start(world);
  });

  afterAll(async () => {
    await app.stop();
    await world.release();
  });

  const seller = (): string => world.sandbox.sellers()[0]?.id ?? '';

  /** Every row of every table as text, bytes as hexadecimal digits: what a dump holds. */
  async function dump(): Promise<string> {
    const { rows: tables } = await world.owner.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await world.owner.query<{ line: string }>(`select t::text as line from ${name} t`);
      texts.push(...rows.map(({ line }) => line));
    }
    return texts.join('\n');
  }

  const spellings = (secret: string): string[] => [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64').replaceAll('=', '')];

  it('are nowhere in the database in the clear: not the imported pair, the refreshed one, the device code or the client secret', async () => {
    const pair = await freshPair(world, seller());
    const { body: token } = await app.request('POST', '/tokens', { body: { account_name: 'Shop', ...pair } });
    const secrets = [pair.allegro_token, pair.refresh_token];
    await app.app.get(Tokens).refresh(String(token['id']));
    await app.app.get(Tokens).withAccessToken(String(token['id']), async (access) => secrets.push(access.reveal()));
    const { body: device } = await app.request('POST', '/tokens/auth/initialize', { body: { account_name: 'Another' } });
    secrets.push(String(device['device_code']), String(world.environment['ALLEGRO_CLIENT_SECRET']));
    const text = await dump();
    expect(text).toContain('Shop');
    expect(secrets).toHaveLength(5);
    for (const secret of secrets.flatMap(spellings)) expect(text).not.toContain(secret);
  });

  it('open only in the row they belong to', async () => {
    const mine = await app.import('Mine', seller(), 'row-a');
    const theirs = await app.import('Theirs', seller(), 'row-b');
    await world.owner.query('update tokens set access_sealed = (select access_sealed from tokens where id = $1) where id = $2', [theirs, mine]);
    await expect(app.app.get(Tokens).withAccessToken(mine, async () => 'opened')).rejects.toThrow();
    const { rows } = await world.owner.query('select state from tokens where id = $1', [mine]);
    expect(rows).toEqual([{ state: 'active' }]);
  });

  it('are not deleted, nor is who an account is changed, by the service itself', async () => {
    const { rows } = await world.owner.query<{ can: boolean }>(
      `select has_table_privilege('order_service', 'accounts', 'delete') or has_table_privilege('order_service', 'tokens', 'delete')
         or has_table_privilege('order_service', 'tokens', 'truncate') or has_column_privilege('order_service', 'accounts', 'allegro_user_id', 'update')
         or has_column_privilege('order_service', 'accounts', 'tenant_id', 'update') or has_column_privilege('order_service', 'tokens', 'tenant_id', 'update') as can`,
    );
    expect(rows).toEqual([{ can: false }]);
  });

  it('keep a service with the wrong master key from starting, and nobody is disconnected', async () => {
    await app.import('Kept', seller(), 'kept');
    const wrong = { ...world, environment: { ...world.environment, MASTER_KEYS: `k1:${randomBytes(32).toString('base64')}` } };
    await expect(Service.start(wrong, { role: 'all' })).rejects.toThrow(/MASTER_KEYS does not open tokens sealed under the key "k1"/);
    const other = { ...world, environment: { ...world.environment, MASTER_KEYS: `k2:${randomBytes(32).toString('base64')}` } };
    await expect(Service.start(other, { role: 'all' })).rejects.toThrow(/"k1"/);
    const { rows } = await world.owner.query(`select state from tokens where tenant_id = 'kept'`);
    expect(rows).toEqual([{ state: 'active' }]);
  });

  it('are sealed under the new key from the next refresh on', async () => {
    const id = await app.import('Rotated', seller(), 'rotated');
    const keys = `k2:${randomBytes(32).toString('base64')},${String(world.environment['MASTER_KEYS'])}`;
    const rotated = await Service.start({ ...world, environment: { ...world.environment, MASTER_KEYS: keys } });
    await rotated.app.get(Tokens).refresh(id);
    const { rows } = await world.owner.query<{ key: string }>(
      `select convert_from(substring(refresh_sealed from 3 for 2), 'UTF8') as key from tokens where id = $1`,
      [id],
    );
    expect(rows).toEqual([{ key: 'k2' }]);
    await rotated.stop();
  });
});
