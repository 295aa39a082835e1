import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ExpiringTokens } from '../../src/tokens/expiring-tokens.service.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { type TokenWorld, tokenWorld } from '../support/token-app.js';

/** Start-up of an application beside other tests. */
jest.setTimeout(60_000);

/** All that share one second of expiry, as after a day of standstill. */
const SELLERS = 200;

describe('tokens that end soon', () => {
  let world: TokenWorld;
  let app: Service;

  beforeAll(async () => {
    world = await tokenWorld();
    app = await Service.start(world);
  });

  afterEach(async () => {
    await world.owner.query(`update tasks set status = 'REVOKED', finished_at = now() where status in ('PENDING', 'STARTED')`);
    await world.owner.query(`update tokens set state = 'deactivated'`);
  });

  afterAll(async () => {
    await app.stop();
    await world.release();
  });

  const seller = (index: number): string => world.sandbox.sellers()[index]?.id ?? '';
  const endSoon = async (minutes: number): Promise<void> => {
    await world.owner.query(`update tokens set expires_at = now() + make_interval(mins => $1) where state = 'active'`, [minutes]);
  };
  const mass = async (roles: readonly ('operator' | 'seller' | 'support')[], query = '') =>
    app.request('POST', `/tokens/refresh-expiring${query}`, { tenant: 'staff', roles });
  const task = async (id: unknown): Promise<Record<string, unknown>> => {
    const { rows } = await world.owner.query<Record<string, unknown>>('select status, result, tenant_id from tasks where id = $1', [id]);
    return rows[0] ?? {};
  };

  it('are refreshed by operators only', async () => {
    expect((await mass(['seller'])).status).toBe(403);
    expect((await mass(['support'])).status).toBe(403);
    expect((await mass(['operator'])).body).toEqual({ message: 'No token ends soon.', task_id: null, tokens: 0 });
  });

  it('are refreshed in the audit trail too, with the reason when one was given', async () => {
    await mass(['operator'], '?reason=maintenance%20tonight');
    const { rows } = await world.owner.query(`select actor_roles, tenant_id, action, subject, reason from audit_entries order by id desc limit 1`);
    expect(rows).toEqual([
      {
        actor_roles: expect.arrayContaining(['operator']),
        tenant_id: 'staff',
        action: 'tokens.refresh_expiring',
        subject: { tenants: 'all' },
        reason: 'maintenance tonight',
      },
    ]);
  });

  it('get one task each, spread over five minutes at least, however many processes plan at once', async () => {
    await app.import('Shop', seller(0), 'many');
    await world.owner.query(
      `insert into tokens (id, tenant_id, account_id, environment, account_name, state, access_sealed, refresh_sealed, expires_at)
       select gen_random_uuid(), tenant_id, account_id, environment, account_name || n, state, access_sealed, refresh_sealed, expires_at
       from tokens, generate_series(2, $1) n where tenant_id = 'many'`,
      [SELLERS],
    );
    await endSoon(50);
    const plans = await Promise.all([app.app.get(ExpiringTokens).plan(''), app.app.get(ExpiringTokens).plan(''), mass(['operator'])]);
    const { rows } = await world.owner.query<Record<string, number>>(
      `select count(*)::int as tasks, count(distinct token_id)::int as tokens, count(distinct parent_task_id)::int as parents,
         extract(epoch from max(due_at) - min(due_at))::float8 as spread, extract(epoch from max(due_at) - now())::float8 as last
       from tasks where task_type = 'refresh_token'`,
    );
    expect(plans).toHaveLength(3);
    expect(rows[0]).toMatchObject({ tasks: SELLERS, tokens: SELLERS, parents: 1 });
    expect(rows[0]?.['spread']).toBeGreaterThanOrEqual(300);
    expect(rows[0]?.['last']).toBeLessThan(50 * 60);
    const { rows: perSecond } = await world.owner.query<{ most: number }>(
      `select max(starts)::int as most from (select count(*) as starts from tasks where task_type = 'refresh_token' group by date_trunc('second', due_at)) s`,
    );
    expect(perSecond[0]?.most).toBeLessThanOrEqual(4);
  });

  it('are refreshed by their tasks, whose parent sums up what became of them', async () => {
    for (const index of [0, 1, 2]) await app.import('Shop', seller(index), `batch-${String(index)}`);
    await endSoon(10);
    world.sandbox.revokeTokens(seller(2));
    const { body } = await mass(['operator']);
    expect(body).toMatchObject({ tokens: 3, task_id: expect.any(String) });
    const worker = await Service.start(world, { role: 'all' });
    const ended = await eventually('the batch ends', async () => {
      await world.owner.query(`update tasks set due_at = now() where status = 'PENDING' and due_at > now()`);
      const parent = await task(body['task_id']);
      return parent['status'] === 'SUCCESS' ? parent : null;
    });
    await worker.stop();
    expect(ended).toEqual({ status: 'SUCCESS', tenant_id: 'staff', result: { tokens: 3, refreshed: 2, not_needed: 0, failed: 1 } });
    const { rows } = await world.owner.query(
      `select t.tenant_id as tenant, t.status, k.state, k.expires_at > now() + interval '11 hours' as fresh from tasks t join tokens k on k.id = t.token_id
       where t.parent_task_id = $1 order by t.tenant_id`,
      [body['task_id']],
    );
    expect(rows).toEqual([
      { tenant: 'batch-0', status: 'SUCCESS', state: 'active', fresh: true },
      { tenant: 'batch-1', status: 'SUCCESS', state: 'active', fresh: true },
      { tenant: 'batch-2', status: 'FAILURE', state: 'needs_reauth', fresh: false },
    ]);
  });
});
