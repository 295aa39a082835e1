import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import axiosRetry from 'axios-retry';
import type { Readable } from 'node:stream';
import { answerReader, connectionFailure } from './answer-interceptor.js';
import type { BoundedAgents } from './bounded-agents.js';
import type { TransportLimits } from './transport-limits.js';

/** A request body of ours is a form with one token in it. */
const REQUEST_BYTES = 65_536;

/**
 * axios as used towards Allegro: no redirects, no proxy from the environment, bodies as streams that our reader bounds.
 * The reader is registered before axios-retry, so that a body cut off in the middle is retried like any broken connection.
 */
export function createHttpClient(userAgent: string, agents: BoundedAgents, limits: TransportLimits): AxiosInstance {
  const client = axios.create({
    adapter: 'http',
    httpAgent: agents.http,
    httpsAgent: agents.https,
    proxy: false,
    maxRedirects: 0,
    maxBodyLength: REQUEST_BYTES,
    decompress: false,
    responseType: 'stream',
    timeout: limits.headersMs,
    transitional: { clarifyTimeoutError: true },
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    headers: { 'User-Agent': userAgent, 'Accept-Encoding': 'gzip, deflate, br' },
  });
  const readAnswer = answerReader(limits);
  client.interceptors.response.use(
    (response: AxiosResponse<Readable>) => readAnswer(response),
    (error: unknown) => connectionFailure(error),
  );
  axiosRetry(client, { retries: 0, shouldResetTimeout: true });
  return client;
}
