import { setImmediate as yieldOnce } from 'node:timers/promises';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { ChangeClient } from './change-client.js';
import { eventually } from './eventually.js';
import { Service } from './service.js';
import { tokenWorld } from './token-app.js';

const WRITERS = 4;

/** What a client received, as `order:version`, and what was written, while its connection was broken again and again. */
interface ChangeRounds {
  readonly written: string[];
  readonly received: string[];
  readonly breaks: number;
}

/** Four writers append `events` in all; the client is broken `breaks` times at random places among them. */
export async function changeRounds({ events, breaks }: { events: number; breaks: number }): Promise<ChangeRounds> {
  const world = await tokenWorld();
  const service = await Service.start(world);
  await service.app.listen(0, '127.0.0.1');
  const { accountId } = await service.connect();
  const client = new ChangeClient(await service.app.getUrl());
  await client.start();
  const log = service.app.get(EventLog);
  const each = Math.ceil(events / WRITERS);
  const written: string[] = [];

  const write = async (writer: number): Promise<void> => {
    const orderId = `order-${String(writer)}`;
    for (let count = 1; count <= each; count += 1) {
      const at = new Date();
      const event = {
        type: 'test.written',
        source: 'service' as const,
        dedupKey: `t:${String(count)}`,
        occurredAt: at,
        observedAt: at,
        payload: {},
        actor: 'test',
      };
      const { version } = await log.commit({ accountId, orderId, events: [event], announce: { topics: ['order.updated'], changed: ['status'] } });
      written.push(`${orderId}:${String(version)}`);
    }
  };
  const disturb = async (): Promise<void> => {
    while (client.breaks < breaks) {
      const next = client.breaks * (events / breaks) + Math.random() * (events / breaks);
      while (written.length < next && written.length < each * WRITERS) await yieldOnce();
      for (let turns = Math.floor(Math.random() * 50); turns > 0; turns -= 1) await yieldOnce();
      client.break();
    }
  };

  try {
    await Promise.all([disturb(), ...Array.from({ length: WRITERS }, (_, writer) => write(writer))]);
    await eventually('every change arrived', () => Promise.resolve(client.received.length >= written.length ? true : null)).catch(() => undefined);
    return {
      written: written.sort(),
      received: client.received.map((change) => `${String(change['order_id'])}:${String(change['version'])}`),
      breaks: client.breaks,
    };
  } finally {
    client.stop();
    await service.stop();
    await world.release();
  }
}
