import { afterAll, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { ACCESS_TOKEN, allegroClients } from '../support/allegro-client.js';

describe("against Allegro's own address", () => {
  afterAll(() => {
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
  });

  it('asks the documented hosts over https', async () => {
    nock.disableNetConnect();
    const scope = nock('https://api.allegro.pl', { reqheaders: { accept: 'application/vnd.allegro.public.v1+json', 'user-agent': /^Order-Log\// } })
      .get('/order/event-stats')
      .reply(200, '{"latestEvent":{"id":"1532603898317497"}}', { 'content-type': 'application/vnd.allegro.public.v1+json' });
    const clients = allegroClients('https://api.allegro.pl', { environment: { ALLEGRO_ENVIRONMENT: 'production' } });
    const latest = await clients.orders.latestEvent(ACCESS_TOKEN, { accountKey: '1', share: 'live' });
    expect([latest.value, scope.isDone()]).toEqual([{ id: '1532603898317497', occurredAt: null }, true]);
    await clients.stop();
  });
});
