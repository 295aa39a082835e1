import type { ApiResponseNoStatusOptions } from '@nestjs/swagger';

/** A million orders are sent in some minutes; a client that stops reading is dropped long before. */
export const SENT_WITHIN_MS = 3_600_000;

/** What a file of orders looks like in each format, for the documentation. */
export const EXPORTED_FILE: NonNullable<ApiResponseNoStatusOptions['content']> = {
  'text/csv': {
    schema: { type: 'string' },
    example: 'id,status,total_to_pay,currency\r\n5c0d3a10-1f7e-11f0-9a41-8f3e2b7c6d55,READY_FOR_PROCESSING,129.90,PLN\r\n',
  },
  'application/json': {
    schema: { type: 'object', additionalProperties: true },
    example: { success: true, orders: [{ id: '5c0d3a10-1f7e-11f0-9a41-8f3e2b7c6d55', status: 'READY_FOR_PROCESSING' }], total: 1 },
  },
  'application/x-ndjson': {
    schema: { type: 'string' },
    example: '{"id":"5c0d3a10-1f7e-11f0-9a41-8f3e2b7c6d55","status":"READY_FOR_PROCESSING"}\n',
  },
};
