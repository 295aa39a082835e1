import type { AllegroCode, AllegroFailureKind, Blame } from './allegro.errors.js';
import type { ErrorEnvelope } from './error-envelope.js';

export type ContentKind = 'json' | 'html' | 'other' | 'none';

export interface AnswerHead {
  readonly status: number;
  readonly content: ContentKind;
  readonly envelope: ErrorEnvelope | null;
}

export interface Verdict {
  readonly kind: AllegroFailureKind;
  readonly blame: Blame;
  readonly code?: AllegroCode;
}

const JSON_TYPE = /^application\/(?:json|vnd\.allegro\.[\w.-]+\+json)\s*(?:;|$)/i;
const HTML_TYPE = /^(?:text\/html|application\/xhtml)/i;
/** Statuses that say "your question is wrong" even without a body. */
const REFUSED_QUESTIONS = new Set([406, 409, 410, 413, 414, 415, 422]);
/** 408 and 425 ask for the same question later. */
const ASK_AGAIN = new Set([408, 425]);

const DOWN: Verdict = { kind: 'unavailable', blame: 'allegro' };
const BLOCKED: Verdict = { kind: 'unavailable', blame: 'allegro', code: 'ALLEGRO_BLOCKED' };
const BAD_QUESTION: Verdict = { kind: 'rejected', blame: 'order' };

/** Which kind of body the answer holds; an empty body is `none` whatever its type says. */
export function contentKind(contentType: unknown, length: number): ContentKind {
  if (length === 0) return 'none';
  const type = typeof contentType === 'string' ? contentType.trim() : '';
  if (JSON_TYPE.test(type)) return 'json';
  return HTML_TYPE.test(type) ? 'html' : 'other';
}

/**
 * What an answer means, by status first and by the presence of Allegro's error envelope second: pages from the edge
 * (allegro-api#14038, #6944) are outages, never a verdict about an order or an account.
 * @returns null for a JSON body with status 200.
 */
export function judgeAnswer(head: AnswerHead): Verdict | null {
  if (head.status === 200 && head.content === 'json') return null;
  if (head.status >= 200 && head.status < 300) return { kind: 'malformed', blame: 'allegro' };
  if (head.status >= 400 && head.status < 500) return judgeRefusal(head);
  return DOWN;
}

function judgeRefusal(head: AnswerHead): Verdict {
  switch (head.status) {
    case 401:
      return head.content === 'json' || head.content === 'none' ? { kind: 'unauthorized', blame: 'account' } : DOWN;
    case 403:
      return head.envelope !== null && !head.envelope.captcha ? { kind: 'forbidden', blame: 'account' } : BLOCKED;
    case 429:
      return { kind: 'throttled', blame: 'caller' };
    default:
      return judgeQuestion(head);
  }
}

function judgeQuestion(head: AnswerHead): Verdict {
  if (ASK_AGAIN.has(head.status) || head.envelope?.captcha === true) return DOWN;
  if (head.envelope !== null) return BAD_QUESTION;
  const plain = head.content === 'json' || head.content === 'none';
  return plain && REFUSED_QUESTIONS.has(head.status) ? BAD_QUESTION : DOWN;
}
