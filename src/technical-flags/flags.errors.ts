import { Problem } from '../core/problem.js';

export const orderNotFound = (): Problem => new Problem('ORDER_NOT_FOUND', { status: 404, detail: 'This account has no such order.' });

export const invoiceIdTaken = (cause: unknown): Problem =>
  new Problem('INVOICE_ID_TAKEN', { status: 409, detail: 'Another order of this account has this invoice id.', cause });

export const idempotencyKeyReused = (): Problem =>
  new Problem('IDEMPOTENCY_KEY_REUSED', { status: 422, detail: 'This Idempotency-Key was used for another change of this order.' });
