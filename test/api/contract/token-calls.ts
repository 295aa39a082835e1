import { expect } from '@jest/globals';
import { unusedPair } from '../../support/interface/stage.js';
import type { Calls } from './foreign-client.js';

const TOKEN = {
  id: 'uuid',
  user_id: 'string',
  account_name: 'string',
  expires_at: 'instant|null',
  is_active: 'boolean',
  created_at: 'instant',
  updated_at: 'instant',
};
const TOKENS = '/api/v1/tokens';

export const TOKEN_CALLS: Calls = {
  'POST /api/v1/tokens': async (client) => {
    const pair = await unusedPair(client.stage);
    // What Python's isoformat() writes of a naive instant.
    const body = { account_name: 'third shop of the contract', ...pair, expires_at: '2027-01-02T03:04:05.678901' };
    const token = await client.post(`${TOKENS}/`, TOKEN, { body });
    expect(token).toMatchObject({ account_name: body.account_name, is_active: true, user_id: client.stage.tenant });
    expect(JSON.stringify(token)).not.toContain(String(pair['refresh_token']));
    await client.refused(409, client.send('POST', TOKENS, { body }));
    await client.refused(422, client.send('POST', TOKENS, { body: { ...body, unheard_of: 1 } }));
    await client.change('DELETE', `${TOKENS}/${String(token['id'])}`, { message: 'string', token_id: 'uuid' });
  },
  'GET /api/v1/tokens': async (client) => {
    const list = { tokens: [TOKEN] as const, total: 'number', page: 'number', per_page: 'number' };
    expect(await client.bothForms(TOKENS, list)).toMatchObject({ page: 1, per_page: 10 });
    expect(await client.get(`${TOKENS}/`, list, { page: 1, per_page: 1000, active_only: true })).toMatchObject({ per_page: 100 });
    const all = await client.get(TOKENS, list, { active_only: false });
    expect(all['total']).toBeGreaterThanOrEqual(2);
  },
  'GET /api/v1/tokens/{token_id}': async (client) => {
    expect(await client.bothForms(`${TOKENS}/${client.id('token_id')}`, TOKEN)).toMatchObject({ id: client.id('token_id') });
    await client.refused(404, client.send('GET', `${TOKENS}/00000000-0000-4000-8000-000000000000`));
  },
  'PUT /api/v1/tokens/{token_id}': async (client) => {
    const path = `${TOKENS}/${client.id('spare_token_id')}`;
    expect(await client.change('PUT', path, TOKEN, { body: { account_name: 'renamed', is_active: true } })).toMatchObject({ account_name: 'renamed' });
    await client.refused(409, client.send('PUT', path, { body: { account_name: 'shop' } }));
  },
  'DELETE /api/v1/tokens/{token_id}': async (client) => {
    const token = await client.post(TOKENS, TOKEN, { body: { account_name: 'short-lived', ...(await unusedPair(client.stage)) } });
    const answer = await client.change('DELETE', `${TOKENS}/${String(token['id'])}`, { message: 'string', token_id: 'uuid' });
    expect(answer['token_id']).toBe(token['id']);
    expect(await client.get(`${TOKENS}/${String(token['id'])}`, TOKEN)).toMatchObject({ is_active: false });
  },
  'POST /api/v1/tokens/{token_id}/refresh': async (client) => {
    expect(await client.post(`${TOKENS}/${client.id('spare_token_id')}/refresh`, TOKEN)).toMatchObject({ is_active: true });
  },
  'POST /api/v1/tokens/{token_id}/validate': async (client) => {
    expect(await client.post(`${TOKENS}/${client.id('spare_token_id')}/validate/`, TOKEN)).toMatchObject({ is_active: true });
  },
  'GET /api/v1/tokens/user/{user_id}': async (client) => {
    const tokens = await client.get(`${TOKENS}/user/${client.stage.tenant}`, [TOKEN], { active_only: true });
    expect((tokens as unknown as unknown[]).length).toBeGreaterThanOrEqual(2);
    await client.refused(404, client.send('GET', `${TOKENS}/user/somebody-else`));
    expect((await client.send('GET', `${TOKENS}/user/somebody-else`, { roles: ['operator'] })).status).toBe(200);
  },
  'POST /api/v1/tokens/auth/initialize': async (client) => {
    const started = await client.post(`${TOKENS}/auth/initialize`, {
      device_code: 'string',
      user_code: 'string',
      verification_uri: 'string',
      verification_uri_complete: 'string',
      expires_in: 'number',
      interval: 'number',
      task_id: 'uuid',
    }, { body: { account_name: 'linked by the contract' } }); // prettier-ignore
    expect(started['expires_in']).toBeGreaterThan(0);
    await client.refused(409, client.send('POST', `${TOKENS}/auth/initialize`, { body: { account_name: 'shop' } }));
  },
  'POST /api/v1/tokens/auth/status': async (client) => {
    const body = { device_code: client.id('device_code'), account_name: 'third shop' };
    const answer = await client.post(`${TOKENS}/auth/status`, { status: 'string', message: 'string' }, { body });
    expect(['pending', 'completed', 'failed', 'expired']).toContain(answer['status']);
  },
  'GET /api/v1/tokens/auth/task/{task_id}': async (client) => {
    const shape = { task_id: 'uuid', status: 'string', result: 'object|null', progress: 'object|null' };
    const task = await client.get(`${TOKENS}/auth/task/${client.id('link_task_id')}`, shape);
    expect(['PENDING', 'STARTED', 'SUCCESS', 'FAILURE', 'REVOKED']).toContain(task['status']);
  },
};
