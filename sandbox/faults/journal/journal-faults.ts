import type { EventDraft, WritingContext } from '../../shop/journal-event.js';
import type { FaultPlan } from '../fault-plan.js';
import { duplicate } from './duplicate.js';
import { hidden } from './hidden.js';
import { late } from './late.js';
import { shuffle } from './shuffle.js';

type JournalFault = (drafts: EventDraft[], plan: FaultPlan, context: WritingContext) => EventDraft[];

const FAULTS_IN_ORDER: readonly JournalFault[] = [shuffle, duplicate, hidden, late];

/** What an untidy journal makes of one event: none, one or several lines. */
export function disturb(draft: EventDraft, plan: FaultPlan, context: WritingContext): EventDraft[] {
  return FAULTS_IN_ORDER.reduce((drafts, fault) => fault(drafts, plan, context), [draft]);
}
