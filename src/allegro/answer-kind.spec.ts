import { describe, expect, it } from '@jest/globals';
import { contentKind, judgeAnswer, type ContentKind } from './answer-kind.js';

const envelope = { codes: ['Code'], captcha: false };

function kindOf(status: number, content: ContentKind, withEnvelope = false): string | undefined {
  return judgeAnswer({ status, content, envelope: withEnvelope ? envelope : null })?.kind;
}

describe('the type of a body', () => {
  it.each([
    ['application/json', 'json'],
    ['application/vnd.allegro.public.v1+json;charset=UTF-8', 'json'],
    ['APPLICATION/JSON ; charset=utf-8', 'json'],
    ['text/html; charset=utf-8', 'html'],
    ['application/jsonp', 'other'],
    ['text/plain', 'other'],
    [undefined, 'other'],
  ])('%j is %s', (type, kind) => {
    expect(contentKind(type, 10)).toBe(kind);
  });

  it('is none when no byte came', () => {
    expect(contentKind('application/json', 0)).toBe('none');
  });
});

describe('what an answer means', () => {
  it('only JSON with status 200 is an answer', () => {
    expect(judgeAnswer({ status: 200, content: 'json', envelope: null })).toBeNull();
  });

  it.each([
    [200, 'html'],
    [200, 'none'],
    [204, 'none'],
    [206, 'json'],
    [201, 'json'],
  ] as const)('%d with %s is malformed, never "nothing there"', (status, content) => {
    expect(kindOf(status, content)).toBe('malformed');
  });

  it.each([[0], [101], [302], [304], [500], [502], [503], [504], [600], [999]])('%d is an outage', (status) => {
    expect(kindOf(status, 'json', true)).toBe('unavailable');
  });

  it('HTML with 400, 401 or 404 is an outage of the edge, not a verdict', () => {
    expect([400, 401, 404, 418].map((status) => kindOf(status, 'html'))).toEqual(Array(4).fill('unavailable'));
  });

  it('403 is a refusal of the account only as JSON, otherwise this address is blocked', () => {
    expect(judgeAnswer({ status: 403, content: 'json', envelope })).toEqual({ kind: 'forbidden', blame: 'account' });
    const captcha = { codes: [], captcha: true };
    const pages = [
      judgeAnswer({ status: 403, content: 'html', envelope: null }),
      judgeAnswer({ status: 403, content: 'json', envelope: captcha }),
      judgeAnswer({ status: 403, content: 'none', envelope: null }),
    ];
    expect(pages.map((page) => page?.code)).toEqual(Array(3).fill('ALLEGRO_BLOCKED'));
  });

  it('401 with JSON or without a body blames the account', () => {
    expect([kindOf(401, 'json'), kindOf(401, 'none')]).toEqual(['unauthorized', 'unauthorized']);
  });

  it.each([[400], [404], [406], [409], [418], [422]])('%d with an error envelope is a rejected question', (status) => {
    expect(kindOf(status, 'json', true)).toBe('rejected');
  });

  it('406 and 422 are rejections even without a body', () => {
    expect([kindOf(406, 'none'), kindOf(422, 'none')]).toEqual(['rejected', 'rejected']);
  });

  it('404 without a body proves nothing about an order', () => {
    expect(kindOf(404, 'none')).toBe('unavailable');
  });

  it('408, 425 and a captcha under any status ask for the same question later', () => {
    const captcha = judgeAnswer({ status: 400, content: 'json', envelope: { codes: [], captcha: true } });
    expect([kindOf(408, 'json', true), kindOf(425, 'none'), captcha?.kind]).toEqual(Array(3).fill('unavailable'));
  });

  it('429 throttles whatever its body is', () => {
    expect(kindOf(429, 'html')).toBe('throttled');
  });
});
