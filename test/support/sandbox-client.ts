import { textAt, type JsonObject } from '../../sandbox/json.js';
import type { Sandbox } from '../../sandbox/sandbox.js';

export interface SandboxAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: JsonObject;
}

export const ACCEPT = 'application/vnd.allegro.public.v1+json';
export const USER_AGENT = 'Order-Log-Tests/1.0 (+https://example.com/order-log)';
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

async function answerOf(response: Response): Promise<SandboxAnswer> {
  const text = await response.text();
  let json: JsonObject = {};
  if (/json/.test(response.headers.get('content-type') ?? '') && text !== '') json = JSON.parse(text) as JsonObject;
  return { status: response.status, headers: response.headers, text, json };
}

/** A bare client of the sandbox: what the service's own clients do is tested elsewhere. */
export class SandboxClient {
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  async oauth(path: 'device' | 'token', form: Record<string, string>, secret = 'demo-secret'): Promise<SandboxAnswer> {
    const authorization = `Basic ${Buffer.from(`demo-client:${secret}`).toString('base64')}`;
    const url = `${this.#sandbox.url}/auth/oauth/${path}`;
    return answerOf(await fetch(url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) }));
  }

  async poll(deviceCode: string): Promise<SandboxAnswer> {
    return this.oauth('token', { grant_type: DEVICE_GRANT, device_code: deviceCode });
  }

  async refresh(refreshToken: string): Promise<SandboxAnswer> {
    return this.oauth('token', { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** A pair of tokens for a seller, by the whole device flow. */
  async link(seller?: string): Promise<{ accessToken: string; refreshToken: string }> {
    const { json } = await this.oauth('device', { client_id: 'demo-client' });
    this.#sandbox.approve(textAt(json, 'user_code'), seller);
    const pair = (await this.poll(textAt(json, 'device_code'))).json;
    return { accessToken: textAt(pair, 'access_token'), refreshToken: textAt(pair, 'refresh_token') };
  }

  async get(path: string, accessToken: string, headers: Record<string, string> = {}): Promise<SandboxAnswer> {
    const all = { authorization: `Bearer ${accessToken}`, accept: ACCEPT, 'user-agent': USER_AGENT, ...headers };
    return answerOf(await fetch(`${this.#sandbox.url}${path}`, { headers: all, redirect: 'manual' }));
  }

  async control(method: string, path: string, body?: JsonObject): Promise<SandboxAnswer> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return answerOf(await fetch(`${this.#sandbox.url}/_sandbox/${path}`, init));
  }
}

/** The objects of a list in an answer. */
export function listOf(json: JsonObject, key: string): JsonObject[] {
  return json[key] as JsonObject[];
}
