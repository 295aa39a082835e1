/** An issue with the orders it was found in. */
export interface FoundIssue {
  /** `missing_*`: known orders without what every such order has; `unreadable_*`: forms Allegro owes us; `held_*`: put aside, by reason. */
  readonly issue: string;
  readonly orders: number;
  readonly samples: readonly string[];
}

/** Counts of the period, and of what is wrong at its end. */
export interface QualityCounts {
  readonly orders: number;
  readonly missing: number;
  /** Forms recorded in the period, and those put aside instead. */
  readonly recorded: number;
  readonly held: number;
  readonly owed: number;
  readonly runs: number;
  readonly failedRuns: number;
}

export type Severity = 'critical' | 'warning' | 'notice';

export interface RankedIssue extends FoundIssue {
  readonly severity: Severity;
  readonly description: string;
}

export interface HealthMetrics {
  readonly missingDataRatio: number;
  readonly regressionRatio: number;
  /** 0 nothing unusual, towards 1 the more of what came could not be taken as it was. */
  readonly anomalyScore: number;
}

interface Knowledge {
  readonly prefix: string;
  readonly severity: Severity;
  readonly description: string;
  readonly advice: string;
}

/** Few observations prove nothing: one failure among three weighs like one among twenty-three. */
const PRIOR = 20;

const KNOWLEDGE: readonly Knowledge[] = [
  {
    prefix: 'account_disconnected',
    severity: 'critical',
    description: 'Allegro no longer takes the consent of this account.',
    advice: 'Link the account again: nothing is read until then, and events pass out of reach after 60 days.',
  },
  {
    prefix: 'account_paused',
    severity: 'critical',
    description: 'The sync of forms is paused because of what Allegro answered.',
    advice: 'Look at the quarantined items, release or reject them, then resume the account.',
  },
  {
    prefix: 'account_stalled',
    severity: 'critical',
    description: 'No sync ended well for more than four intervals.',
    advice: 'Look at the error of the last runs in the history of syncs.',
  },
  {
    prefix: 'held_',
    severity: 'critical',
    description: 'Documents were put aside because recording them would have destroyed what is known.',
    advice: 'Inspect the quarantined items of this reason and release or reject them.',
  },
  {
    prefix: 'unreadable_missing',
    severity: 'warning',
    description: 'Allegro announced orders whose form it does not show (merged or gone).',
    advice: 'Run a sweep of the account: it links merged purchases and names what is gone.',
  },
  {
    prefix: 'unreadable_forbidden',
    severity: 'warning',
    description: 'Allegro refuses forms of this account.',
    advice: 'Check that the application still has the scope for orders; link the account again if it has not.',
  },
  {
    prefix: 'unreadable_',
    severity: 'warning',
    description: 'Forms could not be read or understood.',
    advice: 'Look at the failed orders with the answers of Allegro, and retry them.',
  },
  { prefix: 'attention', severity: 'notice', description: 'Purchases were merged whose flags disagreed.', advice: 'Check the flags of these orders by hand.' },
  {
    prefix: 'missing_',
    severity: 'notice',
    description: 'Orders lack what every such order has.',
    advice: 'Sync these orders again, one by one or with a full sync.',
  },
];

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, notice: 2 };

const unknownIssue: Omit<Knowledge, 'prefix'> = { severity: 'notice', description: 'An issue of another kind.', advice: 'Look at the named orders.' };
const knowledgeOf = (issue: string) => KNOWLEDGE.find(({ prefix }) => issue.startsWith(prefix)) ?? unknownIssue;

const ratio = (part: number, whole: number) => (whole > 0 ? Math.min(1, part / whole) : 0);
const weighed = (bad: number, good: number) => bad / (bad + good + PRIOR);

/** From what went wrong alone: how little came, or that nothing came at all, is no anomaly. */
export function healthMetrics(counts: QualityCounts): HealthMetrics {
  const healthy = [weighed(counts.held, counts.recorded), weighed(counts.owed, counts.recorded), weighed(counts.failedRuns, counts.runs - counts.failedRuns)];
  return {
    missingDataRatio: ratio(counts.missing, counts.orders),
    regressionRatio: ratio(counts.held, counts.held + counts.recorded),
    anomalyScore: 1 - healthy.reduce((product, part) => product * (1 - part), 1),
  };
}

/** The gravest first, then those of most orders. */
export function rankIssues(found: readonly FoundIssue[]): RankedIssue[] {
  return found
    .map((issue) => ({ ...issue, severity: knowledgeOf(issue.issue).severity, description: knowledgeOf(issue.issue).description }))
    .sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.orders - a.orders || (a.issue < b.issue ? -1 : 1));
}

/** What to do about these issues, each advice once; nothing when nothing is wrong. */
export function recommendationsFor(issues: readonly RankedIssue[]): string[] {
  return [...new Set(issues.map(({ issue }) => knowledgeOf(issue).advice))];
}
