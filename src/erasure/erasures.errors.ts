import { Problem } from '../core/problem.js';

export function erasureNotFound(): Problem {
  return new Problem('ERASURE_NOT_FOUND', { status: 404, detail: 'This account has no such erasure.' });
}

export function buyerNotNamed(): Problem {
  return new Problem('BUYER_NOT_NAMED', { status: 422, detail: 'Name the buyer by exactly one of order_id, buyer_id, login and email.' });
}

export function reasonNamesBuyer(): Problem {
  return new Problem('REASON_NAMES_BUYER', {
    status: 422,
    detail: 'The reason is kept for ever and holds something the buyer is recognised by; give a ticket number instead.',
  });
}
