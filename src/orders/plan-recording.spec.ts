import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../core/json.js';
import type { Head } from '../platform/event-log/heads.js';
import { groupReadings, orderIdOfEvent } from './group-readings.js';
import { newReadings, planRecording, type RecordingPlan } from './plan-recording.js';

const CLOCK = new Date('2026-03-01T12:00:00.000Z');
const keyedHash = (text: string) => createHash('sha256').update(text).digest();
const minute = (count: number) => new Date(Date.UTC(2026, 2, 1, 10, count));
const headOf = (changes: Partial<Head> = {}): Head => ({
  orderId: 'o', streamId: null, version: 0, tipHash: null, recordedAt: null, contentVersion: null, contentHash: null, contentRevision: null,
  hasKey: false, wrappedKey: null, knownKeys: new Set(), clock: CLOCK, ...changes,
}); // prettier-ignore

const form = (changes: JsonObject = {}): JsonObject => ({
  id: 'o',
  status: 'BOUGHT',
  buyer: { id: 'b-1', email: 'ewa@example.com' },
  revision: 'r1',
  ...changes,
});
const event = (id: string): JsonObject => ({
  id,
  type: 'BOUGHT',
  occurredAt: '2026-03-01T09:00:00Z',
  order: { buyer: { id: 'b-1' }, checkoutForm: { id: 'o' } },
});

function readingsOf(parts: { events?: JsonObject[]; forms?: JsonObject[] }) {
  const read = (values: JsonObject[] = []) => values.map((value, index) => ({ event: value, form: value, observedAt: minute(index), traceId: null }));
  const { streams, failed } = groupReadings({ journal: read(parts.events), forms: read(parts.forms) }, keyedHash);
  expect(failed).toEqual([]);
  return streams[0] ?? { orderId: 'o', journal: [], forms: [] };
}

const plan = (parts: Parameters<typeof readingsOf>[0], head: Head = headOf()) => planRecording(newReadings(readingsOf(parts), head), null, { actor: 'sync' });
const hashAfter = (planned: RecordingPlan) => planned.formContent?.hash ?? null;

describe('what of a reading is appended', () => {
  it('is the journal first, then the forms, each with the time it happened', () => {
    const { events } = plan({ events: [event('1')], forms: [form({ updatedAt: '2026-03-01T09:30:00Z' })] });
    expect(events.map(({ type, occurredAt }) => [type, occurredAt.toISOString()])).toEqual([
      ['journal.received', '2026-03-01T09:00:00.000Z'],
      ['form.read', '2026-03-01T09:30:00.000Z'],
    ]);
  });

  it('is dated by the reading where Allegro gives no usable time', () => {
    const { events } = plan({ events: [{ ...event('1'), occurredAt: 'x' }], forms: [form({ updatedAt: null })] });
    expect(events.map(({ occurredAt }) => occurredAt)).toEqual([minute(0), minute(0)]);
  });

  it('leaves out journal events the stream holds and repetitions in the batch', () => {
    const fresh = newReadings(readingsOf({ events: [event('1'), event('2'), event('2')] }), headOf({ knownKeys: new Set(['j:1']) }));
    expect([fresh.journal.map(({ dedupKey }) => dedupKey), fresh.journalKnown]).toEqual([['j:2'], 2]);
  });

  it('leaves out a form equal to the head, and keeps the way back', () => {
    const known = hashAfter(plan({ forms: [form()] }));
    const head = headOf({ version: 4, contentVersion: 4, contentHash: known });
    expect(newReadings(readingsOf({ forms: [form()] }), head)).toMatchObject({ forms: [], formsKnown: 1 });
    const back = plan({ forms: [form({ status: 'FILLED_IN' }), form()] }, head);
    expect(back.events.map(({ dedupKey }) => dedupKey.split(':')[1])).toEqual(['4', '5']);
    expect(back.content).toMatchObject({ version: 6 });
  });

  it('sees a change that is personal only, except of an erased order', () => {
    const known = hashAfter(plan({ forms: [form()] }));
    const moved = { forms: [form({ buyer: { id: 'b-1', email: 'other@example.com' } })] };
    const head = headOf({ version: 1, contentVersion: 1, contentHash: known, hasKey: true, wrappedKey: Buffer.alloc(1) });
    expect(newReadings(readingsOf(moved), head).forms).toHaveLength(1);
    expect(newReadings(readingsOf(moved), { ...head, wrappedKey: null }).forms).toHaveLength(0);
  });

  it('keeps nothing personal of an erased order, neither in its content nor in its hash', () => {
    const erased = plan({ forms: [form()] }, headOf({ version: 1, hasKey: true }));
    expect(erased.content?.merged.form['buyer']).toBe('[erased]');
    expect(hashAfter(erased)?.subarray(32)).toEqual(Buffer.alloc(32));
    expect(hashAfter(plan({ forms: [form()] }))?.subarray(32)).not.toEqual(Buffer.alloc(32));
  });

  it('folds what the log will give back: an identity number is noted, not kept', () => {
    const { content } = plan({ forms: [form({ buyer: { id: 'b-1', personalIdentity: '00000000000' } })] });
    expect(content?.merged.form['buyer']).toEqual({ id: 'b-1', personalIdentity: '[not stored]' });
  });

  it('hashes two orders of one buyer apart', () => {
    const other = groupReadings({ journal: [], forms: [{ form: form({ id: 'p' }), observedAt: CLOCK, traceId: null }] }, keyedHash).streams[0]?.forms[0]
      ?.content.hash;
    expect(other?.subarray(32)).not.toEqual(hashAfter(plan({ forms: [form()] }))?.subarray(32));
  });

  it.each([
    ['the form', { forms: [form()] }, 'b-1'],
    ['the journal', { events: [event('1')] }, 'b-1'],
    ['the journal, where the form has none', { events: [event('1')], forms: [form({ buyer: null })] }, 'b-1'],
    ['nowhere', { forms: [form({ buyer: { id: '' } })] }, null],
    ['nowhere, where no order is named', { events: [{ ...event('1'), order: null }] }, null],
  ])('knows the buyer from %s', (_name, parts, buyerId) => {
    expect(plan(parts).buyer?.id ?? null).toBe(buyerId);
  });

  it.each([
    ['r1', 'r1'],
    ['a\0b', 'ab'],
    [7, null],
  ])('remembers the revision %j as %j', (revision, remembered) => {
    expect(plan({ forms: [form({ revision })] }).formContent?.revision).toBe(remembered);
  });

  it('carries cause and trace where there are any', () => {
    const reading = { form: form(), observedAt: CLOCK, traceId: 'trace' };
    const [stream] = groupReadings({ journal: [], forms: [reading] }, keyedHash).streams;
    const planned = stream && planRecording(newReadings(stream, headOf()), null, { actor: 'sync', causationId: 'run' });
    expect(planned?.events[0]).toMatchObject({ actor: 'sync', causationId: 'run', traceId: 'trace' });
  });
});

describe('grouping what was read', () => {
  it('names what has no usable id or cannot be read, and keeps the rest', () => {
    let deep: JsonObject = {};
    for (let depth = 0; depth < 100_000; depth += 1) deep = { deep };
    const reading = (read: JsonObject) => ({ form: read, event: read, observedAt: CLOCK, traceId: null });
    const { streams, failed } = groupReadings(
      { journal: [reading({ type: 'BOUGHT' })], forms: [reading({ id: ' ' }), reading({ id: 'deep', deep }), reading(form())] },
      keyedHash,
    );
    expect(streams.map(({ orderId, forms }) => [orderId, forms.length])).toEqual([['o', 1]]);
    expect(failed).toEqual([
      { orderId: '', reason: 'the journal event has no usable id' },
      { orderId: '', reason: 'the form has no usable id' },
      { orderId: 'deep', reason: expect.stringContaining('the form cannot be read') },
    ]);
  });

  it('sorts streams by order id and forms by when they were observed', () => {
    const reading = (id: string, count: number) => ({ form: form({ id, count }), observedAt: minute(count), traceId: null });
    const { streams } = groupReadings({ journal: [], forms: [reading('b', 2), reading('a', 1), reading('b', 1), reading('c', 1)] }, keyedHash);
    expect(streams.map(({ orderId, forms }) => [orderId, forms.map((read) => read.form['count'])])).toEqual([['a', [1]], ['b', [1, 2]], ['c', [1]]]);
  }); // prettier-ignore

  it('compares without regard to the order of keys, lists apart', () => {
    const hashOf = (read: JsonObject) =>
      groupReadings({ journal: [], forms: [{ form: read, observedAt: CLOCK, traceId: null }] }, keyedHash).streams[0]?.forms[0]?.content.hash;
    expect(hashOf({ id: 'o', items: [{ a: 1, b: null }] })).toEqual(hashOf({ items: [{ b: null, a: 1 }], id: 'o' }));
    expect(hashOf({ id: 'o', items: [1, 2] })).not.toEqual(hashOf({ id: 'o', items: [2, 1] }));
  });
});

describe('the order a journal event is about', () => {
  it.each([
    [{ order: { checkoutForm: { id: 'ABC' } } }, 'abc'],
    [{ order: { checkoutForm: { id: 'a b' } } }, null],
    [{ order: { checkoutForm: null } }, null],
    [{ order: null }, null],
    [{}, null],
  ])('of %j is %p', (read, orderId) => {
    expect(orderIdOfEvent(read)).toBe(orderId);
  });

  it('may have a number as id', () => {
    const { streams } = groupReadings({ journal: [{ event: { ...event('1'), id: 17 }, observedAt: CLOCK, traceId: null }], forms: [] }, keyedHash);
    expect(streams[0]?.journal[0]?.dedupKey).toBe('j:17');
  });
});
