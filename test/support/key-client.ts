import { bearer, tokenOf } from './access-tokens.js';
import { type Json, Service } from './service.js';
import { type TokenWorld, tokenWorld } from './token-app.js';

export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

export interface MadeKey {
  readonly id: string;
  readonly key: string;
}

export interface KeyCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface KeyAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Empty where the answer is no JSON. */
  readonly body: Json;
}

/** A call with a machine key, or with a person's token. */
export async function callWith(service: Service, token: string, { method = 'GET', path, body, headers = {} }: KeyCall): Promise<KeyAnswer> {
  const sent = { ...bearer(token), ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const answer = await service.app.inject({ method, url: `/api/v1${path}`, headers: sent, ...(body === undefined ? {} : { payload: JSON.stringify(body) }) });
  const isJson = /^application\/(?:problem\+)?json/.test(String(answer.headers['content-type'])) && answer.body !== '';
  return { status: answer.statusCode, text: answer.body, headers: answer.headers, body: isJson ? answer.json<Json>() : {} };
}

/** A key of a month, made by the seller of the tenant. */
export async function makeKey(service: Service, scopes: readonly string[], tenant = 'tenant-a'): Promise<MadeKey> {
  const body = { name: 'machine', scopes, expires_at: inDays(30) };
  const answer = await callWith(service, tokenOf(tenant), { method: 'POST', path: '/keys', body });
  if (answer.status !== 201) throw new Error(`the key was not made: ${answer.text}`);
  return { id: String(answer.body['id']), key: String(answer.body['key']) };
}

/** Text of a machine key: its id and its secret in hexadecimal digits. */
export const KEY_SHAPE = /^aolk_[0-9a-f]{32}_[0-9a-f]{64}$/;

/** Two processes and one connected account. */
export interface KeyWorld {
  readonly world: TokenWorld;
  readonly service: Service;
  readonly other: Service;
  readonly tokenId: string;
  /** A list that a key with `orders:read` may read. */
  readonly orders: string;
  stop(): Promise<void>;
}

export async function keyWorld(): Promise<KeyWorld> {
  const world = await tokenWorld({ orders: 1 });
  const service = await Service.start(world);
  const other = await Service.start(world);
  const { tokenId } = await service.connect();
  const stop = async (): Promise<void> => {
    await Promise.all([service.stop(), other.stop()]);
    await world.release();
  };
  return { world, service, other, tokenId, orders: `/orders?token_id=${tokenId}`, stop };
}
