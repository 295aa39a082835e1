import { type Trouble, TROUBLE_KINDS } from '../platform/observability/trouble-sources.js';
import type { Freshness } from './freshness.js';

export const ALERT_KINDS = [
  'account_stalled',
  'account_disconnected',
  'account_paused',
  'owed_forms_growing',
  'quarantine_growing',
  'expiry_near',
  'allegro_down',
  'feed_horizon_old',
  'seal_overdue',
  ...TROUBLE_KINDS,
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Something that is bad at this look. */
export interface Finding {
  readonly kind: AlertKind;
  readonly tenantId: string | null;
  /** Null concerns no single account. */
  readonly accountId: string | null;
  /** Tells it apart from others of its kind; empty where an account has one of a kind at most. */
  readonly subject: string;
  readonly detail: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

export interface AccountLook {
  readonly accountId: string;
  readonly tenantId: string;
  readonly freshness: Freshness;
  /** Its seller has to link it again; an account whose tokens people deleted waits for nobody. */
  readonly needsSeller: boolean;
  /** Orders owed for more than a moment that came to be owed within the last hour. */
  readonly newlyOwed: number;
  /** Documents put aside within the last hour. */
  readonly newlyHeld: number;
  /** Days until something of the account passes out of Allegro's reach; null when nothing is at stake. */
  readonly daysLeft: number | null;
}

export interface InstallationLook {
  readonly allegroDown: boolean;
  readonly horizonAgeSeconds: number;
  readonly unsealedAgeSeconds: number;
  readonly sealIntervalSeconds: number;
}

/** From which on something is bad. */
export interface FindingLimits {
  readonly newlyOwed: number;
  readonly newlyHeld: number;
  readonly daysLeft: number;
  readonly horizonSeconds: number;
}

export const DEFAULT_FINDING_LIMITS: FindingLimits = {
  // A busy shop has some orders an hour that Allegro does not show yet; fifty are none of these.
  newlyOwed: 50,
  // Held documents wait for a person: twenty within an hour are no single odd order.
  newlyHeld: 20,
  // Two weeks outlast the holiday of whoever can link the account again.
  daysLeft: 14,
  // No transaction of the service is meant to last longer than a minute; a dump may take some.
  horizonSeconds: 300,
};

/** A seal that missed its turn five times is overdue; a minute covers the turn itself. */
const SEAL_TURNS = 5;
const SEAL_SLACK_SECONDS = 60;

type Rule = readonly [kind: AlertKind, isBad: (look: AccountLook, limits: FindingLimits) => boolean, detail: (look: AccountLook) => string];

const ACCOUNT_RULES: readonly Rule[] = [
  ['account_disconnected', (look) => look.needsSeller, () => 'Allegro no longer takes the consent of this account: its seller has to link it again.'],
  ['account_paused', (look) => look.freshness === 'paused', () => 'The sync of forms is paused because of what Allegro answered: look at the quarantine.'],
  [
    'owed_forms_growing',
    (look, limits) => look.newlyOwed >= limits.newlyOwed,
    (look) => `${String(look.newlyOwed)} orders could not be read within the last hour.`,
  ],
  [
    'quarantine_growing',
    (look, limits) => look.newlyHeld >= limits.newlyHeld,
    (look) => `${String(look.newlyHeld)} documents were put aside within the last hour.`,
  ],
  [
    'expiry_near',
    (look, limits) => look.daysLeft !== null && look.daysLeft < limits.daysLeft,
    (look) => `In ${String(Math.max(0, Math.floor(look.daysLeft ?? 0)))} days something of this account passes out of Allegro's reach.`,
  ],
];
/** While Allegro is down every account stalls: that is one trouble, and not theirs. */
const STALLED: Rule = ['account_stalled', (look) => look.freshness === 'stalled', () => 'No sync of this account ended well for several of its intervals.'];

function ofAccount(look: AccountLook, limits: FindingLimits, allegroDown: boolean): Finding[] {
  const rules = allegroDown ? ACCOUNT_RULES : [...ACCOUNT_RULES, STALLED];
  const { accountId, tenantId, freshness, newlyOwed, newlyHeld } = look;
  return rules
    .filter(([, isBad]) => isBad(look, limits))
    .map(([kind, , detail]) => ({
      kind,
      tenantId,
      accountId,
      subject: '',
      detail: detail(look),
      figures: { freshness, newly_owed: newlyOwed, newly_held: newlyHeld },
    }));
}

function ofInstallation(look: InstallationLook, limits: FindingLimits): Finding[] {
  const found: Finding[] = [];
  const add = (kind: AlertKind, detail: string, figures: Finding['figures'] = {}) =>
    found.push({ kind, tenantId: null, accountId: null, subject: '', detail, figures });
  if (look.allegroDown) add('allegro_down', 'Allegro does not answer, for no account.');
  if (look.horizonAgeSeconds > limits.horizonSeconds) {
    add('feed_horizon_old', 'An open transaction holds back everything that reads the log.', { seconds: Math.round(look.horizonAgeSeconds) });
  }
  if (look.unsealedAgeSeconds > SEAL_TURNS * look.sealIntervalSeconds + SEAL_SLACK_SECONDS) {
    add('seal_overdue', 'Events of the log wait for a seal.', { seconds: Math.round(look.unsealedAgeSeconds) });
  }
  return found;
}

/** All that is bad now. How few orders or events there were is no part of it. */
export function findingsOf(accounts: readonly AccountLook[], installation: InstallationLook, troubles: readonly Trouble[], limits: FindingLimits): Finding[] {
  return [...ofInstallation(installation, limits), ...accounts.flatMap((look) => ofAccount(look, limits, installation.allegroDown)), ...troubles];
}
