import { Problem } from '../core/problem.js';

export const orderNotFound = (): Problem => new Problem('ORDER_NOT_FOUND', { status: 404, detail: 'This account has no such order.' });

/** @param owner the order that has the id */
export const invoiceIdTaken = (owner: string): Problem =>
  new Problem('INVOICE_ID_TAKEN', { status: 409, detail: `The order ${owner} of this account has this invoice id.`, extra: { order_id: owner } });

export const idempotencyKeyReused = (): Problem =>
  new Problem('IDEMPOTENCY_KEY_REUSED', { status: 422, detail: 'This Idempotency-Key was used for another change of this order.' });

/** @param etag of the flags as they are */
export const flagsChanged = (etag: string): Problem =>
  new Problem('FLAGS_CHANGED', { status: 412, detail: 'Somebody has changed the flags since; read them again and decide anew.', extra: { etag } });

export const writeConflict = (): Problem =>
  new Problem('WRITE_CONFLICT', { status: 409, retry: 'now', detail: 'Other changes to the same order came first; ask again.' });

export const orderRepeated = (): Problem =>
  new Problem('ORDER_REPEATED', { status: 422, detail: 'An earlier row of this call changes the same order; put both changes into one row.' });

export const nothingToChange = (): Problem =>
  new Problem('NOTHING_TO_CHANGE', { status: 422, detail: 'The row names no flag: is_stock_updated or has_invoice_created.' });
