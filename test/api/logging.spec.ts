import { Body, Controller, Get, Logger, Param, Post, Req } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '../../src/core/problem.js';
import { Secret } from '../../src/core/secret.js';
import { addLogField } from '../../src/platform/observability/log-context.js';
import { bearer, tokenOf } from '../support/access-tokens.js';
import { testEnvironment } from '../support/environment.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const CANARY = 'canary0123456789';
const JWT = `eyJhbGciOiJIUzI1NiJ9.${CANARY}.${CANARY}`;
const EMAIL = `${CANARY}@mail.example.com`;

/** Does everything a careless handler could do with secrets. */
@Controller('careless')
class CarelessController {
  private readonly logger = new Logger('careless');

  @Post() async speak(@Req() request: { headers: unknown }, @Body() body: unknown): Promise<void> {
    addLogField('trace_id', 'trace-0001');
    this.logger.log(`refreshed with ${JWT} for ${EMAIL}`);
    this.logger.warn('details', { token: new Secret(CANARY), headers: request.headers, body, nested: { deep: { refresh_token: CANARY } } });
    this.logger.error(new Error(`Invalid refresh token: ${JWT}`, { cause: new Error(`password=${CANARY}`) }));
    this.logger.error('with a stack', new Error(`client_secret=${CANARY}`).stack);
    this.logger.debug({ accessToken: CANARY, text: `Bearer ${JWT}` });
    await Promise.resolve();
    throw new Problem('DATABASE_UNAVAILABLE', { status: 503, detail: 'It is down.', cause: new Error(`{"refresh_token":"${CANARY}","email":"${EMAIL}"}`) });
  }

  @Get('crash') crash(): never {
    throw new Error(`Invalid refresh token: ${JWT}`);
  }

  @Get('names/:name') name(@Param('name') name: string): void {
    this.logger.log(name);
  }
}

let probe: TestApp;
beforeAll(async () => {
  probe = await startTestApp({ controllers: [CarelessController], env: { LOG_LEVELS: 'quiet=error' } });
});
afterAll(() => probe.close());

const records = () => probe.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log', () => {
  it('holds no secret and no address, whatever a handler prints, fails with or is sent', async () => {
    const headers = { ...bearer(tokenOf('tenant-a')), cookie: `session=${CANARY}`, 'content-type': 'application/json' };
    const payload = { refresh_token: CANARY, buyer: { email: EMAIL } };
    const answer = await probe.app.inject({ method: 'POST', url: `/api/v1/careless?token=${CANARY}`, headers, payload });
    const crash = await probe.app.inject({ method: 'GET', url: '/api/v1/careless/crash', headers: bearer(tokenOf('tenant-a')) });
    expect([answer.statusCode, crash.statusCode]).toEqual([503, 500]);
    const printed = probe.logLines.join('\n') + answer.body + crash.body;
    expect(printed).not.toContain(CANARY);
    expect(printed).not.toContain(testEnvironment()['JWT_SECRET']);
    expect(records().filter((record) => record['module'] === 'careless')).toHaveLength(5);
  });

  it('has one line a request, with what an operator searches by', async () => {
    const answer = await probe.app.inject({ method: 'POST', url: '/api/v1/careless?x=1', headers: bearer(tokenOf('tenant-b')) });
    const id = answer.headers['x-request-id'];
    const lines = records().filter((record) => record['request_id'] === id && record['message'] === 'request');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        module: 'http',
        method: 'POST',
        path: '/api/v1/careless',
        status: 503,
        tenant: 'tenant-b',
        trace_id: 'trace-0001',
        duration_ms: expect.any(Number),
      }),
    ]);
  });

  it('ties every line of a request to it, and nothing of another one', async () => {
    const calls = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        probe.app.inject({ method: 'GET', url: `/api/v1/careless/names/n${String(index)}`, headers: bearer(tokenOf(`t${String(index)}`)) }),
      ),
    );
    for (const [index, call] of calls.entries()) {
      const line = records().find((record) => record['message'] === `n${String(index)}`);
      expect(line).toMatchObject({ tenant: `t${String(index)}`, request_id: call.headers['x-request-id'] });
    }
  });

  it('cannot be forged: one record is one line, and escapes stay visible', async () => {
    const before = probe.logLines.length;
    const forged = encodeURIComponent('x\n{"level":"fatal","message":"forged"}\u001b[2J\u2028');
    await probe.app.inject({ method: 'GET', url: `/api/v1/careless/names/${forged}`, headers: bearer(tokenOf('a')) });
    const lines = probe.logLines.slice(before);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line.trimEnd()).not.toMatch(/[\n\r\u001b\u2028]/);
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['info', 'info']);
  });

  it('follows the level of a module', () => {
    const before = probe.logLines.length;
    new Logger('quiet').warn('not heard');
    new Logger('quiet').error('heard');
    expect(
      records()
        .slice(before)
        .map((record) => record['message']),
    ).toEqual(['heard']);
  });
});
