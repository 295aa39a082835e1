import { describe, expect, it } from '@jest/globals';
import { decideFlags, type FlagCommand, isRepetition } from './decide-flags.js';
import { evolveFlags, type FlagEvent, type FlagsState, flagsVersion, UNSET_FLAGS } from './flags.events.js';

const AT = new Date('2026-03-01T10:00:00Z');

/** The flags after these commands, one a minute. */
function after(...commands: FlagCommand[]): { state: FlagsState; events: FlagEvent[] } {
  const events: FlagEvent[] = [];
  let state = UNSET_FLAGS;
  for (const [minute, command] of commands.entries()) {
    const decision = decideFlags(state, command);
    if (!decision) continue;
    const event = { ...decision, version: events.length + 1, recordedAt: new Date(AT.getTime() + minute * 60_000) };
    events.push(event);
    state = evolveFlags(state, event);
  }
  return { state, events };
}

const stock = (isStockUpdated: boolean): FlagCommand => ({ kind: 'stock', isStockUpdated });
const invoice = (hasInvoiceCreated: boolean, invoiceId?: string | null): FlagCommand => ({
  kind: 'invoice',
  hasInvoiceCreated,
  ...(invoiceId === undefined ? {} : { invoiceId }),
});

describe('the technical flags of an order', () => {
  it('are all false and undated until first written', () => {
    expect(UNSET_FLAGS).toMatchObject({ isStockUpdated: false, hasInvoiceCreated: false, invoiceId: null, createdAt: null, updatedAt: null });
    expect(flagsVersion(UNSET_FLAGS)).toBe(0);
  });

  it('record the first command even when it says what an unset flag reads as', () => {
    expect(after(stock(false)).events).toHaveLength(1);
    expect(after(invoice(false)).events).toHaveLength(1);
  });

  it('record nothing when a command repeats what they say', () => {
    expect(after(stock(true), stock(true), invoice(true, 'FV/1'), invoice(true, 'FV/1'), invoice(true)).events).toHaveLength(2);
  });

  it('date the first and the last writing', () => {
    expect(after(stock(true), invoice(true)).state).toMatchObject({ createdAt: '2026-03-01T10:00:00.000Z', updatedAt: '2026-03-01T10:01:00.000Z' });
  });

  it.each([[undefined], [null]])('keep the invoice id when a command brings %p', (id) => {
    expect(after(invoice(true, 'FV/1'), stock(true), invoice(true, id)).state.invoiceId).toBe('FV/1');
  });

  it('replace the invoice id by another one', () => {
    expect(after(invoice(true, 'FV/1'), invoice(true, 'FV/2')).state.invoiceId).toBe('FV/2');
  });

  it('clear the invoice id with the invoice, whatever id is sent', () => {
    expect(after(invoice(true, 'FV/1'), invoice(false, 'FV/9')).state).toMatchObject({ hasInvoiceCreated: false, invoiceId: null });
  });

  it('do not touch one another', () => {
    expect(after(stock(true), invoice(true, 'FV/1'), stock(false)).state).toMatchObject({ isStockUpdated: false, hasInvoiceCreated: true, invoiceId: 'FV/1' });
  });

  it('come out the same whatever order their events are folded in', () => {
    const { state, events } = after(stock(true), invoice(true, 'FV/1'), stock(false), invoice(false));
    expect([...events].reverse().reduce(evolveFlags, UNSET_FLAGS)).toEqual(state);
    expect(flagsVersion(state)).toBe(4);
  });

  it('ignore events of other types', () => {
    expect(evolveFlags(UNSET_FLAGS, { type: 'form.read', version: 1, recordedAt: AT, payload: {} })).toBe(UNSET_FLAGS);
  });

  it.each([
    [stock(true), stock(true), true],
    [stock(true), stock(false), false],
    [stock(true), invoice(true), false],
    [invoice(true, 'FV/1'), invoice(true, 'FV/1'), true],
    [invoice(true, 'FV/1'), invoice(true), true],
    [invoice(true, 'FV/1'), invoice(true, 'FV/2'), false],
    [invoice(true), invoice(true, 'FV/2'), false],
    [invoice(false), invoice(false, 'FV/2'), true],
    [invoice(false), stock(false), false],
  ])('know after %j whether %j is its repetition', (first, second, expected) => {
    const decision = decideFlags(UNSET_FLAGS, first);
    expect(decision && isRepetition(second, decision)).toBe(expected);
  });
});
