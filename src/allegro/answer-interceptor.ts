import { AxiosError, isAxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Readable } from 'node:stream';
import type { JsonValue } from '../core/json.js';
import { parseRetryAfter } from '../core/retry-after.js';
import { Secret } from '../core/secret.js';
import { isRefusedAddress } from '../platform/net/public-agents.js';
import { AllegroProblem, type AllegroFailure, type AnswerBody } from './allegro.errors.js';
import { contentKind, judgeAnswer, type ContentKind, type Verdict } from './answer-kind.js';
import { BodyFault, readBody } from './body-reader.js';
import { errorCode } from './error-code.js';
import { readErrorEnvelope, type ErrorEnvelope } from './error-envelope.js';
import { parseJsonText } from './json-text.js';
import { pageExcerpt } from './page-excerpt.js';
import { LONGEST_STOP_SECONDS } from './request-stop.js';
import { ADDRESS_REFUSED, bodyFailure, transportFailure, type TransportFailure } from './transport-failure.js';
import type { TransportLimits } from './transport-limits.js';

/** A JSON answer with status 200. */
export interface Answer {
  readonly json: JsonValue;
  readonly traceId: string | null;
  readonly observedAt: Date;
}

/** Carries a problem through axios and axios-retry, which want an AxiosError with its request; never leaves the transport. */
export class AnswerFailure extends AxiosError {
  constructor(
    readonly problem: AllegroProblem,
    readonly retriable: boolean,
    config: InternalAxiosRequestConfig | undefined,
  ) {
    super(problem.message, problem.code, config);
  }
}

interface Head {
  readonly status: number;
  readonly traceId: string | null;
  readonly retryAfterSeconds: number | null;
}

interface Body {
  readonly content: ContentKind;
  readonly json: JsonValue | undefined;
  readonly text: string;
  /** As Allegro sent it; null where nothing could be read. */
  readonly raw: { readonly bytes: Buffer; readonly contentType: string } | null;
}

/** A refusal whose body could not be read: the status speaks alone. */
const UNREAD: Body = { content: 'other', json: undefined, text: '', raw: null };
/** An order has some KiB; what is larger than this is no answer about one. */
const KEPT_BYTES = 1_048_576;
const TRACE_ID = /^[\w-]{1,64}$/;
const SERVER_FAULTS = new Set([500, 502, 503, 504]);

/** Reads the body of every answer, whatever its status, and fails with an AnswerFailure unless it is JSON with status 200. */
export function answerReader(limits: TransportLimits) {
  return async (response: AxiosResponse<Readable>): Promise<AxiosResponse<Answer>> => {
    const observedAt = new Date();
    const head = headOf(response, observedAt);
    const body = await bodyOf(response, limits).catch((error: unknown) => {
      if (head.status !== 200) return UNREAD;
      throw unreadable(error, head, response.config);
    });
    const envelope = readErrorEnvelope(body.json);
    const verdict = judgeAnswer({ status: head.status, content: body.content, envelope });
    if (verdict !== null) throw refused(verdict, head, { body, envelope, config: response.config, limits });
    if (body.json === undefined) throw notJson(head, body, response.config);
    return { ...response, data: { json: body.json, traceId: head.traceId, observedAt } };
  };
}

/** Errors of the connection; errors of this file pass through. */
export function connectionFailure(error: unknown): never {
  if (error instanceof AnswerFailure) throw error;
  const { failure, retriable } = transportFailure(isRefusedAddress(error) ? ADDRESS_REFUSED : errorCode(error));
  throw new AnswerFailure(new AllegroProblem(failure), retriable, isAxiosError(error) ? error.config : undefined);
}

function headOf(response: AxiosResponse, now: Date): Head {
  const traceId: unknown = response.headers['trace-id'];
  return {
    status: response.status,
    traceId: typeof traceId === 'string' && TRACE_ID.test(traceId) ? traceId : null,
    retryAfterSeconds: parseRetryAfter(response.headers['retry-after'], now, LONGEST_STOP_SECONDS),
  };
}

async function bodyOf(response: AxiosResponse<Readable>, limits: TransportLimits): Promise<Body> {
  const bytes = await readBody(response.data, response.headers['content-encoding'], limits);
  const content = contentKind(response.headers['content-type'], bytes.length);
  const raw = { bytes, contentType: String(response.headers['content-type'] ?? '') };
  if (content !== 'json') return { content, json: undefined, text: bytes.subarray(0, 1_024).toString('latin1'), raw };
  return { content, json: jsonOf(bytes), text: '', raw };
}

/** undefined for what is no JSON in UTF-8: mangled letters must not be stored as if Allegro had sent them. */
function jsonOf(bytes: Buffer): JsonValue | undefined {
  try {
    return parseJsonText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function unreadable(error: unknown, head: Head, config: InternalAxiosRequestConfig): AnswerFailure {
  const found: TransportFailure = error instanceof BodyFault ? bodyFailure(error.fault) : transportFailure(undefined);
  const problem = new AllegroProblem({ ...found.failure, allegroStatus: head.status, traceId: head.traceId });
  return new AnswerFailure(problem, found.retriable, config);
}

/** What came instead of what was asked; whoever keeps it seals it. */
function whole({ raw }: Body): { answer?: AnswerBody } {
  if (raw === null || raw.bytes.length > KEPT_BYTES) return {};
  return { answer: { contentType: raw.contentType, text: new Secret(raw.bytes.toString('utf8')) } };
}

/** The parser's own error quotes the text, so it is not kept. */
function notJson(head: Head, body: Body, config: InternalAxiosRequestConfig): AnswerFailure {
  const detail = 'The answer of Allegro is not valid JSON in UTF-8.';
  const problem = new AllegroProblem({ kind: 'malformed', blame: 'allegro', detail, allegroStatus: head.status, traceId: head.traceId, ...whole(body) });
  return new AnswerFailure(problem, false, config);
}

interface RefusedAnswer {
  readonly body: Body;
  readonly envelope: ErrorEnvelope | null;
  readonly config: InternalAxiosRequestConfig;
  readonly limits: TransportLimits;
}

function refused(verdict: Verdict, head: Head, answer: RefusedAnswer): AnswerFailure {
  const codes = answer.envelope?.codes ?? [];
  const failure: AllegroFailure = {
    ...verdict,
    detail: `Allegro answered ${head.status}${codes.length > 0 ? ` (${codes.join(', ')})` : ` with ${describe(answer.body)}`}.`,
    allegroStatus: head.status,
    traceId: head.traceId,
    codes,
    ...whole(answer.body),
    ...(head.retryAfterSeconds === null ? {} : { retryAfterSeconds: head.retryAfterSeconds }),
    ...(answer.body.text === '' ? {} : { excerpt: pageExcerpt(answer.body.text) }),
  };
  const soon = (head.retryAfterSeconds ?? 0) <= answer.limits.retryAfterSeconds;
  return new AnswerFailure(new AllegroProblem(failure), SERVER_FAULTS.has(head.status) && soon, answer.config);
}

function describe(body: Body): string {
  return { json: 'JSON of another shape', html: 'an HTML page', other: 'another kind of body', none: 'no body' }[body.content];
}
