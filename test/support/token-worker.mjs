// A process of the compiled service that uses one token as told; `TokenProcess` starts it, kills it and freezes it.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AllegroAuthClient } from '../../dist/src/allegro/allegro-auth.client.js';
import { AppModule } from '../../dist/src/app.module.js';
import { parseConfiguration } from '../../dist/src/platform/config/configuration.js';
import { SellerLookup } from '../../dist/src/tokens/seller-lookup.service.js';
import { Tokens } from '../../dist/src/tokens/tokens.service.js';

const app = await NestFactory.createApplicationContext(AppModule.for(parseConfiguration(process.env)), { logger: ['error', 'warn'] });
app.enableShutdownHooks();

const tell = (reply) => process.send?.(reply);

/** Stops between Allegro's answer and storing it, and says so: the moment a test kills or freezes this process. */
function holdAnswers() {
  const auth = app.get(AllegroAuthClient, { strict: false });
  auth.refresh = async (refreshToken) => {
    const answer = await AllegroAuthClient.prototype.refresh.call(auth, refreshToken);
    tell({ kind: 'answered' });
    await new Promise((resolve) => process.once('message', resolve));
    return answer;
  };
}

async function useToken(tokenId) {
  const sellers = app.get(SellerLookup, { strict: false });
  const seller = await app.get(Tokens, { strict: false }).withAccessToken(tokenId, async (token) => (await sellers.whoIs(token, 'test')).id);
  return { kind: 'used', seller };
}

process.on('message', (command) => {
  if (command.kind === 'hold') holdAnswers();
  if (command.kind !== 'use') return;
  useToken(command.tokenId).then(tell, (error) => tell({ kind: 'failed', error: String(error) }));
});
tell({ kind: 'ready' });
