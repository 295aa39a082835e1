import { bearer, tokenOf } from './access-tokens.js';
import type { Json, Service } from './service.js';

export interface SettingAnswer {
  readonly status: number;
  readonly body: Json;
  readonly etag: string | undefined;
}

export interface SettingRequest {
  readonly body?: Json;
  readonly ifMatch?: string;
  readonly roles?: readonly string[];
  /** Another tenant, named in the query. */
  readonly of?: string;
}

/** Asks for settings, as an operator of the tenant `staff` where no roles are given. */
export async function askSettings(
  service: Service,
  method: 'GET' | 'PATCH' | 'DELETE',
  path: string,
  { body, ifMatch, roles = ['operator'], of }: SettingRequest = {},
): Promise<SettingAnswer> {
  const headers = { ...bearer(tokenOf('staff', { roles: [...roles] })), ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) };
  const url = `/api/v1${path}${of === undefined ? '' : `${path.includes('?') ? '&' : '?'}user_id=${of}`}`;
  const json = { ...headers, 'content-type': 'application/json' };
  const answer = await service.app.inject(body ? { method, url, headers: json, payload: JSON.stringify(body) } : { method, url, headers });
  const { etag } = answer.headers;
  return { status: answer.statusCode, body: answer.json<Json>(), etag: typeof etag === 'string' ? etag : undefined };
}
