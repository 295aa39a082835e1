import { applyDecorators, Header } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** Names the instant in the document, which then calls the operation deprecated. */
export const DEPRECATED_SINCE = 'x-deprecated-since';

/**
 * A call that goes on for now and that new clients leave alone: every answer says so (RFC 9745), and when it ends (RFC 8594).
 * @param until at least half a year after `since`; @param instead the page that says what to call instead
 */
export function Deprecated({ since, until, instead }: { readonly since: Date; readonly until: Date; readonly instead: string }): MethodDecorator {
  return applyDecorators(
    Header('Deprecation', `@${String(Math.floor(since.getTime() / 1_000))}`),
    Header('Sunset', until.toUTCString()),
    Header('Link', `<${instead}>; rel="deprecation"; type="text/html"`),
    ApiExtension(DEPRECATED_SINCE, since.toISOString()),
  );
}
