/** A process of the service that uses one token as told; tests start it with `startTokenProcess`, kill it and freeze it. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AllegroAuthClient } from '../../src/allegro/allegro-auth.client.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { ConfigurationModule } from '../../src/platform/config/configuration.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { EventLogModule } from '../../src/platform/event-log/event-log.module.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import { JobsModule } from '../../src/platform/jobs/jobs.module.js';
import { ObservabilityModule } from '../../src/platform/observability/observability.module.js';
import { SupervisionModule } from '../../src/platform/supervision/supervision.module.js';
import { SellerLookup } from '../../src/tokens/seller-lookup.service.js';
import { Tokens } from '../../src/tokens/tokens.service.js';
import { TokensModule } from '../../src/tokens/tokens.module.js';
import type { TokenCommand, TokenReply } from './token-process.js';

const configuration = parseConfiguration(process.env);

@Module({
  imports: [
    ConfigurationModule.for(configuration),
    ObservabilityModule,
    SupervisionModule,
    DatabaseModule,
    EventLogModule,
    HttpModule,
    JobsModule.for(['run-task']),
    TokensModule,
  ],
})
class WorkerModule {}

const app = await NestFactory.createApplicationContext(WorkerModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();

const tell = (reply: TokenReply): void => void process.send?.(reply);

/** Stops between Allegro's answer and storing it, and says so: the moment a test kills or freezes this process. */
function holdAnswers(): void {
  const auth = app.get(AllegroAuthClient);
  auth.refresh = async (refreshToken) => {
    const answer = await AllegroAuthClient.prototype.refresh.call(auth, refreshToken);
    tell({ kind: 'answered' });
    await new Promise<void>((resolve) => process.once('message', () => resolve()));
    return answer;
  };
}

process.on('message', (command: TokenCommand) => {
  if (command.kind === 'hold') holdAnswers();
  if (command.kind !== 'use') return;
  const call = app.get(Tokens).withAccessToken(command.tokenId, async (token) => (await app.get(SellerLookup).whoIs(token, 'test')).id);
  call.then(
    (seller) => tell({ kind: 'used', seller }),
    (error: unknown) => tell({ kind: 'failed', error: String(error) }),
  );
});
tell({ kind: 'ready' });
