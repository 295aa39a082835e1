import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { SERVICE_VERSION } from '../../config/service-version.js';
import { Public } from '../access/access.decorators.js';
import { PAGE_POLICY, page } from './page.js';

const NAME = 'allegro-order-log';
const LINKS = { docs: '/docs', openapi: '/api/v1/openapi.json', health: '/health', metrics: '/metrics' } as const;

function wantsPage(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((type) => type.trim().toLowerCase().startsWith('text/html'));
}

/** What this service is, for programs and for people. */
@Public()
@ApiExcludeController()
@Controller()
export class ServiceController {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  @Get()
  async describe(@Headers('accept') accept: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    void reply.header('Vary', 'Accept');
    if (wantsPage(accept)) {
      await reply.type('text/html; charset=utf-8').header('Content-Security-Policy', PAGE_POLICY).send(this.page());
      return;
    }
    const { demo, allegro } = this.configuration;
    await reply.send({ name: NAME, version: SERVICE_VERSION, demo, environment: allegro.environment, ...LINKS });
  }

  private page(): string {
    const { demo } = this.configuration;
    const items = Object.entries(LINKS).map(([name, address]) => `<li><a href="${address}">${name}</a></li>`);
    const notice = demo ? '<p><strong>DEMO: invented shop, keys known to everybody. Never enter real credentials here.</strong></p>\n' : '';
    const body = `<h1>Allegro order log ${SERVICE_VERSION}</h1>\n${notice}<ul>\n${items.join('\n')}\n</ul>`;
    return page({ title: demo ? 'Allegro order log (DEMO)' : 'Allegro order log', body });
  }
}
