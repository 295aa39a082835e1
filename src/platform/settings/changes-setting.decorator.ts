import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';

export const ETAG_HEADER = { ETag: { description: 'Of the version, for `If-Match`.', schema: { type: 'string' as const, example: '"1"' } } };

/** What every change of a setting has in common. */
export function ChangesSetting(): MethodDecorator {
  return applyDecorators(
    ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the version that is to be changed: 412 when somebody has changed it since.' }),
    ApiResponse({ status: 412, description: 'The setting is no longer what `If-Match` says.' }),
  );
}
