import { isIP } from 'node:net';
import { Inject, Injectable, Logger, Optional, type OnApplicationShutdown } from '@nestjs/common';
import type { AxiosInstance } from 'axios';
import type { IAxiosRetryConfigExtended } from 'axios-retry';
import type { JsonValue } from '../core/json.js';
import { Secret } from '../core/secret.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { addLogField } from '../platform/observability/log-context.js';
import { Admission, type Ticket } from './admission.js';
import { AllegroProblem } from './allegro.errors.js';
import { AnswerFailure, type Answer } from './answer-interceptor.js';
import { boundedAgents, type BoundedAgents } from './bounded-agents.js';
import type { Answered, CallContext, Purpose } from './call-context.js';
import { Deadline } from './deadline.js';
import { createHttpClient } from './http-client.js';
import { MalformedAnswer } from './malformed-answer.errors.js';
import { LIMITS, PurposeBreakers } from './purpose-breakers.js';
import { RequestBudget } from './request-budget.js';
import { earn, FIRST_ALLOWANCE, retryDelayMs, spend } from './retry-allowance.js';
import { TRANSPORT_LIMITS, type TransportLimits } from './transport-limits.js';

export interface AllegroRequest<T> {
  readonly purpose: Purpose;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly call: CallContext;
  /** Throws MalformedAnswer when the JSON is not what was asked for. */
  readonly read: (json: JsonValue) => T;
}

/** Allegro blocks for a minute where it names no time. */
const TOKEN_LIMIT_SECONDS = 60;
/** Codes that a person has to look at: retrying heals none of them. */
const ALERTS = new Set(['ALLEGRO_BLOCKED', 'ALLEGRO_TLS_REFUSED', 'ALLEGRO_ADDRESS_REFUSED', 'ALLEGRO_ANSWER_TOO_LARGE']);

/** The one way to Allegro: admission, circuit breaker, axios with its short retries, and failures as AllegroProblem. */
@Injectable()
export class AllegroTransport implements OnApplicationShutdown {
  readonly #logger = new Logger('allegro');
  readonly #agents: BoundedAgents;
  readonly #http: AxiosInstance;
  #retryAllowance = FIRST_ALLOWANCE;

  constructor(
    @Inject(CONFIGURATION) config: Configuration,
    private readonly admission: Admission,
    private readonly breakers: PurposeBreakers,
    private readonly budget: RequestBudget,
    @Optional() @Inject(LIMITS) private readonly limits: TransportLimits = TRANSPORT_LIMITS,
  ) {
    this.#agents = boundedAgents(limits, namedAddresses(config.allegro.apiUrl, config.allegro.authUrl));
    this.#http = createHttpClient(config.allegro.userAgent, this.#agents, limits);
  }

  /** @throws AllegroProblem, and nothing else for whatever Allegro does */
  async send<T>(request: AllegroRequest<T>): Promise<Answered<T>> {
    this.breakers.refuseIfOpen(request.purpose);
    const ticket = await this.admission.enter(request.call, request.purpose);
    try {
      const answered = await this.breakers.run(request.purpose, () => this.#exchange(request, ticket));
      ticket.end(null);
      tellTrace(answered.traceId);
      if (ticket.permit.probe) await this.budget.probeEnded(true);
      return answered;
    } catch (error) {
      throw await this.#failed(ticket, this.#problemOf(error), request.purpose);
    }
  }

  onApplicationShutdown(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  async #exchange<T>(request: AllegroRequest<T>, ticket: Ticket): Promise<Answered<T>> {
    const { share, signal } = request.call;
    const totalMs = this.limits.totalMs[share] - (share === 'interactive' ? ticket.waitedMs : 0);
    const deadline = new Deadline(totalMs, signal);
    this.#retryAllowance = earn(this.#retryAllowance);
    try {
      const response = await this.#http.request<Answer>({
        method: request.method,
        url: request.url,
        headers: { ...request.headers },
        data: request.body,
        signal: deadline.signal,
        'axios-retry': this.#retries(request, ticket, deadline.signal),
      });
      return readValue(response.data, request.read);
    } catch (error) {
      throw deadline.timedOut ? tooSlow() : this.#problemOf(error);
    } finally {
      deadline.end();
    }
  }

  /** Only questions that change nothing, never the probes that find out whether all is well again. */
  #retries(request: AllegroRequest<unknown>, ticket: Ticket, signal: AbortSignal): IAxiosRetryConfigExtended {
    const probing = ticket.permit.probe || this.breakers.isProbing(request.purpose);
    return {
      retries: request.method === 'GET' && !probing ? this.limits.retries : 0,
      shouldResetTimeout: true,
      retryCondition: (error) => error instanceof AnswerFailure && error.retriable && this.#spendRetry(),
      retryDelay: (attempt, error) => retryDelayMs(attempt, error instanceof AnswerFailure ? (error.problem.retryAfterSeconds ?? null) : null, Math.random()),
      onRetry: () => this.admission.retry(request.call.share, request.purpose, signal),
      retryCount: 0,
      lastRequestTime: Date.now(),
    };
  }

  #spendRetry(): boolean {
    const left = spend(this.#retryAllowance);
    if (left !== null) this.#retryAllowance = left;
    return left !== null;
  }

  #problemOf(error: unknown): AllegroProblem {
    if (error instanceof AllegroProblem) return error;
    if (error instanceof AnswerFailure) return error.problem;
    // Whatever else was thrown may carry the request with its Authorization header: only its class is told.
    const name = error instanceof Error ? error.name : typeof error;
    return new AllegroProblem({ kind: 'unavailable', blame: 'allegro', detail: `The request to Allegro failed (${name}).` });
  }

  /** Gives back what the request held and tells the other processes what it learnt. */
  async #failed(ticket: Ticket, problem: AllegroProblem, purpose: Purpose): Promise<AllegroProblem> {
    // A lost race for the breaker's probe sent nothing, so it says nothing about the account.
    ticket.end(problem.code === 'ALLEGRO_CIRCUIT_OPEN' ? 'cancelled' : problem.kind);
    tellTrace(problem.traceId);
    this.#log(problem, purpose);
    if (problem.allegroStatus === 429 && purpose !== 'oauth') return withRetryAfter(problem, await this.#stopAll(problem));
    const answered = problem.allegroStatus !== null && problem.blame !== 'allegro' && problem.allegroStatus !== 429;
    if (ticket.permit.probe) await this.budget.probeEnded(answered);
    // A 429 of the token endpoint limits one user's tokens, so it holds that caller back and nobody else.
    return problem.allegroStatus === 429 ? withRetryAfter(problem, TOKEN_LIMIT_SECONDS) : problem;
  }

  #stopAll(problem: AllegroProblem): Promise<number> {
    return this.budget.throttled(problem.retryAfterSeconds ?? null);
  }

  #log(problem: AllegroProblem, purpose: Purpose): void {
    const { code, kind, allegroStatus, traceId, codes, excerpt } = problem;
    const fields = { purpose, code, kind, allegroStatus, allegroTraceId: traceId, allegroCodes: codes, excerpt };
    if (ALERTS.has(code)) this.#logger.error(`${code}: ${problem.message}`, fields);
    else if (problem.blame === 'allegro') this.#logger.warn(problem.message, fields);
    else this.#logger.debug(problem.message, fields);
  }
}

/** Allegro's support asks for it: the log lines of the work that asked carry the one of its last answer. */
function tellTrace(traceId: string | null): void {
  if (traceId !== null) addLogField('trace_id', traceId);
}

function readValue<T>(answer: Answer, read: (json: JsonValue) => T): Answered<T> {
  try {
    return { value: read(answer.json), traceId: answer.traceId, observedAt: answer.observedAt };
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    const detail = `Allegro answered 200, but ${error.reason}.`;
    // A page is no order's answer: only a single order's is kept.
    const kept = error.blame === 'order' ? { answer: { contentType: 'application/json', text: new Secret(JSON.stringify(answer.json)) } } : {};
    throw new AllegroProblem({ kind: 'malformed', blame: error.blame, detail, allegroStatus: 200, traceId: answer.traceId, ...kept });
  }
}

function withRetryAfter(problem: AllegroProblem, leastSeconds: number): AllegroProblem {
  const { kind, blame, message: detail, allegroStatus, traceId, codes } = problem;
  const retryAfterSeconds = Math.max(problem.retryAfterSeconds ?? 0, leastSeconds);
  return new AllegroProblem({ kind, blame, detail, allegroStatus, traceId, codes, retryAfterSeconds });
}

function tooSlow(): AllegroProblem {
  return new AllegroProblem({ kind: 'unavailable', blame: 'allegro', detail: 'Allegro did not answer in time.' });
}

/** An address that the operator wrote down as such is meant, whatever network it is of; only names can be answered wrongly. */
function namedAddresses(...urls: readonly string[]): string[] {
  return urls.map((url) => new URL(url).hostname.replaceAll(/[[\]]/g, '')).filter((host) => isIP(host) !== 0);
}
