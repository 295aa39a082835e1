import { Inject, Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { CONFIGURATION, type Configuration } from '../../config/configuration.js';
import { SERVICE_VERSION } from '../../config/service-version.js';
import { completeDocument } from './complete-document.js';
import { withKeyScopes } from './key-access.js';

const DESCRIPTION = [
  'Connects the Allegro accounts of sellers and keeps every order as an append-only log of events.',
  'Every call needs `Authorization: Bearer <JWT>`; the claim `user_id` (else `sub`) names the tenant. Machines send a key of theirs in place of the JWT.',
  'Failures are `application/problem+json` (RFC 9457) with a string `detail` and a literal `code`.',
  'Times are RFC 3339 in UTC. Unknown query parameters are ignored, unknown body fields refused.',
].join('\n\n');

/** The OpenAPI document, generated from the controllers when it is first asked for. */
@Injectable()
export class OpenApi {
  private create: (() => OpenAPIObject) | null = null;
  private built: OpenAPIObject | null = null;

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  /** Names the application whose controllers are described. */
  describe(app: NestFastifyApplication): void {
    const title = this.configuration.demo ? 'Allegro order log (DEMO)' : 'Allegro order log';
    const settings = new DocumentBuilder().setTitle(title).setDescription(DESCRIPTION).setVersion(SERVICE_VERSION).addBearerAuth().build();
    this.create = () => withKeyScopes(completeDocument(SwaggerModule.createDocument(app, settings)));
  }

  document(): OpenAPIObject {
    if (this.create === null) throw new Error('the application was not configured');
    this.built ??= this.create();
    return this.built;
  }
}
