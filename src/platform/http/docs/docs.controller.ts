import { createReadStream, type ReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/access.decorators.js';
import { routeNotFound } from '../http.errors.js';
import { OpenApi } from './open-api.js';
import { PAGE_POLICY, page } from './page.js';

const FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};
const START_SCRIPT = `window.addEventListener('load', () => {
  SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#docs', deepLinking: true, persistAuthorization: false, validatorUrl: null });
});
`;
const BODY = '<div id="docs"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/start.js"></script>';

/** The interface's documentation: the document itself, and a page that shows it from our own files alone. */
@Public()
@ApiExcludeController()
@Controller()
export class DocsController {
  constructor(private readonly openApi: OpenApi) {}

  @Get(['openapi.json', 'api/v1/openapi.json'])
  document(): OpenAPIObject {
    return this.openApi.document();
  }

  @Get('docs')
  async show(@Res() reply: FastifyReply): Promise<void> {
    const { title } = this.openApi.document().info;
    await reply
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', PAGE_POLICY)
      .send(page({ title, body: BODY, stylesheet: '/docs/swagger-ui.css' }));
  }

  @Get('docs/start.js')
  async start(@Res() reply: FastifyReply): Promise<void> {
    await reply.type('text/javascript; charset=utf-8').send(START_SCRIPT);
  }

  @Get('docs/:file')
  file(@Param('file') name: string): StreamableFile {
    if (!Object.hasOwn(FILES, name)) throw routeNotFound();
    const stream: ReadStream = createReadStream(join(FOLDER, name));
    return new StreamableFile(stream, { type: FILES[name] ?? '' });
  }
}
