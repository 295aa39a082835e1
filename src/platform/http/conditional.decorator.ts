import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';

/** Documents calls whose answers have an `ETag` and are not sent again to who holds them. */
export function Conditional(): ClassDecorator & MethodDecorator {
  return applyDecorators(
    ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag of an earlier answer: 304 while nothing changed.' }),
    ApiResponse({ status: 304, description: 'Nothing changed since the answer with that ETag.' }),
  );
}
