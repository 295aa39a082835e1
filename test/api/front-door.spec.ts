import { afterEach, describe, expect, it } from '@jest/globals';
import { ProbeController } from '../support/probe.controller.js';
import { startTestApp, type TestApp, type TestAppParts } from '../support/test-app.js';

let running: TestApp[] = [];

afterEach(async () => {
  await Promise.all(running.map((app) => app.close()));
  running = [];
});
async function start(env: TestAppParts['env'] = {}): Promise<TestApp> {
  const app = await startTestApp({ controllers: [ProbeController], env });
  running.push(app);
  return app;
}

const get = ({ app }: TestApp, url: string, accept = '*/*') => app.inject({ method: 'GET', url, headers: { accept } });

describe('the front door', () => {
  it('answers programs with JSON and people with a page that loads nothing from elsewhere', async () => {
    const probe = await start();
    expect((await get(probe, '/')).json()).toMatchObject({
      name: 'allegro-order-log',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      demo: false,
      docs: '/docs',
    });
    const page = await get(probe, '/', 'text/html,application/xhtml+xml');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.body).toContain('href="/docs"');
    expect(page.body).not.toMatch(/https?:\/\//);
  });

  it('says everywhere that a demo is one', async () => {
    const probe = await start({ DEMO_MODE: 'true' });
    const info = await get(probe, '/');
    expect(info.json()).toMatchObject({ demo: true });
    expect(info.headers['x-demo-mode']).toBe('true');
    expect((await get(probe, '/', 'text/html')).body).toContain('DEMO');
    expect((await get(probe, '/api/v1/openapi.json')).json()).toMatchObject({ info: { title: expect.stringContaining('DEMO') } });
    expect((await get(probe, '/api/v1/nothing')).headers['x-demo-mode']).toBe('true');
  });

  it('shows the documentation with files of its own', async () => {
    const probe = await start();
    for (const path of ['/docs', '/docs/', '/docs/start.js', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/favicon-32x32.png']) {
      expect([path, (await get(probe, path)).statusCode]).toEqual([path, 200]);
    }
  });
});

describe('the OpenAPI document', () => {
  it('names bearer scheme, roles and problem answers on every call that is not public', async () => {
    const probe = await start();
    const document = (await get(probe, '/api/v1/openapi.json')).json<{ paths: Record<string, Record<string, Record<string, unknown>>> }>();
    const operations = document.paths;
    expect(operations['/api/v1/probe']?.['get']).toMatchObject({
      security: [{ bearer: [] }],
      responses: { '401': { $ref: '#/components/responses/Unauthorized' }, '422': {} },
    });
    expect(operations['/api/v1/probe/staff']?.['get']?.['description']).toContain('operator, support');
    expect(operations['/api/v1/probe/public']?.['get']?.['security']).toBeUndefined();
    expect(operations['/health']).toBeUndefined();
  });
});
