import { createHmac } from 'node:crypto';
import { testEnvironment } from './environment.js';

export type TestClaims = Readonly<Record<string, unknown>>;

const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Seconds since 1970, `offset` seconds from now. */
export function inSeconds(offset: number): number {
  return Math.floor(Date.now() / 1_000) + offset;
}

/** Any HS256 token, valid or not: tests decide about every part of it. */
export function signHs256(claims: TestClaims, header: TestClaims = {}, secret = testEnvironment()['JWT_SECRET'] ?? ''): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** A valid token of one hour. */
export function tokenOf(tenant: string, claims: TestClaims = {}): string {
  return signHs256({ user_id: tenant, exp: inSeconds(3_600), ...claims });
}

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
