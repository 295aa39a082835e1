/** Why nothing was answered; literal, so that it never repeats an address or a header. */
export type SendFailure = 'timeout' | 'address_refused' | 'name_not_found' | 'connection_refused' | 'connection_failed' | 'tls_failed';

/** What a receiver did with one request. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | null; readonly excerpt: Buffer }
  | { readonly kind: 'failed'; readonly failure: SendFailure }
  /** This process stops: the request may have arrived or not. */
  | { readonly kind: 'cancelled' };

export type EndedAnswer = Exclude<Answer, { kind: 'cancelled' }>;
