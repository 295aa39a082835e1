import { lookup } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { isRefusedAddress, publicAgents, type PublicAgents } from '../platform/net/public-agents.js';
import type { Answer, SendFailure } from './answer.js';
import { addressFlaw } from './webhook-address.js';

/** All of it: looking the name up, connecting, sending, the answer to its end. */
const TOTAL_MS = 15_000;
/** The beginning of an answer says what is wrong. */
const EXCERPT_BYTES = 2_048;
/** What more a receiver says is nobody's business. */
const MOST_ANSWER_BYTES = 65_536;
const MOST_HEADER_BYTES = 16_384;

export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const FAILURES: Readonly<Record<string, SendFailure>> = {
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ECONNREFUSED: 'connection_refused',
};
const TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;

/** Sends to addresses that tenants chose: public ones only, without redirects, bounded in time and bytes. */
@Injectable()
export class WebhookReceiver {
  private readonly agents: PublicAgents;
  private readonly allowLoopback: boolean;
  /** How names are looked up: whatever it answers is judged. */
  protected readonly lookup: LookupFunction = lookup;
  protected readonly totalMs: number = TOTAL_MS;

  constructor(@Inject(CONFIGURATION) { webhooks }: Configuration) {
    this.allowLoopback = webhooks.allowLoopback;
    this.agents = publicAgents(webhooks.allowLoopback);
  }

  /** One request. A redirect is an answer like any other and leads nowhere. @param signal this process stops */
  async post(message: Message, signal: AbortSignal): Promise<Answer> {
    // Judged again: what a demonstration took, or an older version, must not be reached by this one.
    if (addressFlaw(message.url, this.allowLoopback) !== null) return { kind: 'failed', failure: 'address_refused' };
    const url = new URL(message.url);
    const timeout = AbortSignal.timeout(this.totalMs);
    try {
      const response = await this.exchange(url, message, AbortSignal.any([signal, timeout]));
      const retryAfter = response.headers['retry-after'] ?? null;
      return { kind: 'answered', status: response.statusCode ?? 0, retryAfter, excerpt: await beginningOf(response) };
    } catch (error) {
      if (signal.aborted) return { kind: 'cancelled' };
      return { kind: 'failed', failure: timeout.aborted ? 'timeout' : failureOf(error) };
    }
  }

  private exchange(url: URL, { headers, body }: Message, signal: AbortSignal): Promise<IncomingMessage> {
    const secure = url.protocol === 'https:';
    const options: RequestOptions = {
      method: 'POST',
      agent: secure ? this.agents.https : this.agents.http,
      headers: { ...headers, 'content-length': Buffer.byteLength(body), 'accept-encoding': 'identity' },
      maxHeaderSize: MOST_HEADER_BYTES,
      signal,
      lookup: this.lookup,
    };
    return new Promise((resolve, reject) => {
      const request: ClientRequest = secure ? requestHttps(url, options, resolve) : requestHttp(url, options, resolve);
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** Reads what is wanted and lets go; an answer that is cut off has been given all the same: its status is known. */
async function beginningOf(response: IncomingMessage): Promise<Buffer> {
  const kept: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (bytes < EXCERPT_BYTES) kept.push(chunk);
      bytes += chunk.length;
      if (bytes > MOST_ANSWER_BYTES) break;
    }
  } catch {
    response.destroy();
  }
  return Buffer.concat(kept).subarray(0, EXCERPT_BYTES);
}

function failureOf(error: unknown): SendFailure {
  if (isRefusedAddress(error)) return 'address_refused';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return FAILURES[code] ?? (TLS.test(code) ? 'tls_failed' : 'connection_failed');
}
