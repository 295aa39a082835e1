import { expect } from '@jest/globals';
import { bearer, tokenOf } from '../../support/access-tokens.js';
import type { Method } from '../../support/interface/operations.js';
import type { InterfaceStage } from '../../support/interface/stage.js';
import { mismatches, type Shape } from './wire-shape.js';

type Values = Readonly<Record<string, unknown>>;

export interface ForeignCall {
  readonly query?: Values;
  readonly body?: Values;
  readonly roles?: readonly string[];
}

/** A Python client of the predecessor: it sends `True`, a JSON content type on every call, and follows no redirect. */
export class ForeignClient {
  constructor(readonly stage: InterfaceStage) {}

  /** The subject of that name. */
  id(name: string): string {
    return this.stage.subjects[name] ?? '';
  }

  /** Of the account most calls are about. */
  get account(): { token_id: string } {
    return { token_id: this.id('token_id') };
  }

  async send(method: Method, path: string, { query = {}, body, roles }: ForeignCall = {}): Promise<{ status: number; json: Values; text: string }> {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, python(value)])).toString();
    const answer = await this.stage.service.app.inject({
      method,
      url: search === '' ? path : `${path}?${search}`,
      headers: { ...bearer(tokenOf(this.stage.tenant, roles ? { roles } : {})), 'content-type': 'application/json' },
      ...(body ? { payload: JSON.stringify(body) } : {}),
    });
    const isJson = (answer.headers['content-type'] ?? '').includes('json');
    return { status: answer.statusCode, json: isJson ? answer.json<Values>() : {}, text: answer.body };
  }

  /** Expects 200 with an answer of the shape, whichever way the address ends. @returns the answer */
  async get(path: string, shape: Shape, query: Values = {}): Promise<Values> {
    this.expects(await this.send('GET', otherForm(path), { query }), shape);
    return this.expects(await this.send('GET', path, { query }), shape);
  }

  /** With the slash that all other tests leave out. */
  async post(path: string, shape: Shape, call: ForeignCall = {}): Promise<Values> {
    return this.expects(await this.send('POST', path.endsWith('/') ? path : `${path}/`, call), shape);
  }

  /** What says what shall be is sent whichever way the address ends; what is gone cannot go again. */
  async change(method: 'PUT' | 'PATCH' | 'DELETE', path: string, shape: Shape, call: ForeignCall = {}): Promise<Values> {
    if (method !== 'DELETE') this.expects(await this.send(method, otherForm(path), call), shape);
    return this.expects(await this.send(method, path, call), shape);
  }

  /** Both spellings of a collection's address say the same. */
  async bothForms(path: string, shape: Shape, query: Values = {}): Promise<Values> {
    const plain = await this.get(path, shape, query);
    expect(this.expects(await this.send('GET', otherForm(path), { query }), shape)).toEqual(plain);
    return plain;
  }

  /** Expects a failure every client can print. */
  async refused(status: number, call: Promise<{ status: number; json: Values }>): Promise<void> {
    const answer = await call;
    expect([answer.status, mismatches(answer.json, { type: 'string', title: 'string', status: 'number', detail: 'string' })]).toEqual([status, []]);
  }

  private expects(answer: { status: number; json: Values }, shape: Shape): Values {
    expect({ status: answer.status, body: answer.status < 300 ? {} : answer.json }).toEqual({ status: 200, body: {} });
    expect(mismatches(answer.json, shape)).toEqual([]);
    return answer.json;
  }
}

/** The same address with the slash at its end, or without; the root has one form. */
function otherForm(path: string): string {
  if (path === '/') return path;
  return path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
}

function python(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/** How a call of the contract is tried. */
export type Calls = Readonly<Record<string, (client: ForeignClient) => Promise<void>>>;
