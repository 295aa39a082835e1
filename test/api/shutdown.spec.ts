import { Agent, get as httpGet } from 'node:http';
import { Controller, Get } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Public } from '../../src/platform/http/access/access.decorators.js';
import { Drain } from '../../src/platform/http/drain.js';
import { stopHttp } from '../../src/platform/http/stop-http.js';
import { eventually } from '../support/eventually.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

@Public()
@Controller('slow')
class SlowController {
  static entered = 0;
  static release: () => void = () => undefined;

  @Get() quick(): unknown {
    return { quick: true };
  }

  @Get('held') async held(): Promise<unknown> {
    SlowController.entered += 1;
    await new Promise<void>((resolve) => (SlowController.release = resolve));
    return { held: true };
  }
}

interface Outcome {
  readonly status?: number;
  readonly connection?: string | undefined;
  readonly error?: string;
}

let probe: TestApp;
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await probe.close();
});

const start = async (): Promise<string> => {
  probe = await startTestApp({ controllers: [SlowController] });
  await probe.app.listen(0, '127.0.0.1');
  return `${await probe.app.getUrl()}/api/v1/slow`;
};
const keepAlive = (): Agent => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
};
const ask = (url: string, agent: Agent): Promise<Outcome> =>
  new Promise((resolve) => {
    const request = httpGet(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection });
      });
      response.on('error', (error: NodeJS.ErrnoException) => {
        resolve({ error: error.code ?? 'error' });
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ error: error.code ?? 'error' });
    });
  });
const stop = (): Promise<void> => stopHttp(probe.app.getHttpServer(), probe.app.get(Drain));

describe('a process that is told to stop', () => {
  it('finishes what is in flight, asks its client to go, and takes no new connection', async () => {
    const url = await start();
    const inFlight = ask(`${url}/held`, keepAlive());
    await eventually('the request is being handled', () => SlowController.entered === 1);
    const stopped = stop();
    await eventually('the socket no longer listens', async () => (await ask(url, keepAlive())).error === 'ECONNREFUSED');
    SlowController.release();
    expect(await inFlight).toEqual({ status: 200, connection: 'close' });
    await stopped;
  });

  it('resets no connection of clients that go on calling', async () => {
    const url = await start();
    const outcomes: Outcome[] = [];
    let calling = true;
    const clients = Array.from({ length: 20 }, async () => {
      const agent = keepAlive();
      while (calling) {
        const outcome = await ask(url, agent);
        outcomes.push(outcome);
        if (outcome.error !== undefined) return;
      }
    });
    await eventually('all clients are calling', () => outcomes.length > 200);
    await stop();
    calling = false;
    await Promise.all(clients);
    expect(outcomes.filter(({ status }) => status !== undefined && status !== 200)).toEqual([]);
    expect(new Set(outcomes.flatMap(({ error }) => error ?? []))).toEqual(new Set(['ECONNREFUSED']));
  });

  it('tells long answers to end', async () => {
    await start();
    const { signal } = probe.app.get(Drain);
    expect(signal.aborted).toBe(false);
    await stop();
    expect(signal.aborted).toBe(true);
  });
});
