import { Injectable } from '@nestjs/common';

export type HealthDetails = Readonly<Record<string, string | number | boolean | null>>;
/** Resolves when well (details are shown publicly: no hosts, no secrets), rejects when not. */
export type HealthCheck = () => Promise<HealthDetails | undefined>;

export interface HealthCheckResult {
  readonly status: 'healthy' | 'unhealthy';
  readonly critical: boolean;
  readonly duration_ms: number;
  readonly error?: string;
  readonly details?: HealthDetails;
}

interface RegisteredCheck {
  readonly check: HealthCheck;
  readonly critical: boolean;
}

export interface HealthReport {
  /** unhealthy: a critical check fails; degraded: the service works without something it would like to have. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly checks: Readonly<Record<string, HealthCheckResult>>;
}

/** A check that takes longer is a failed one; probes themselves give up after a few seconds. */
const CHECK_TIMEOUT_MS = 2_000;
/** Health is public: however often it is asked, the checks run at most once a second. */
const REPORT_LIFETIME_MS = 1_000;

/** Features register what their health depends on; the answer is measured, never assumed. */
@Injectable()
export class HealthChecks {
  private readonly registered = new Map<string, RegisteredCheck>();
  private latest: { readonly report: Promise<HealthReport>; readonly startedAt: number } | null = null;

  /** @param options.critical the process is not ready while this fails */
  register(name: string, check: HealthCheck, options: { readonly critical: boolean }): void {
    this.registered.set(name, { check, critical: options.critical });
    this.latest = null;
  }

  async report(): Promise<HealthReport> {
    const now = performance.now();
    if (this.latest === null || now - this.latest.startedAt > REPORT_LIFETIME_MS) {
      this.latest = { report: this.measure(), startedAt: now };
    }
    return this.latest.report;
  }

  private async measure(): Promise<HealthReport> {
    const names = [...this.registered.keys()];
    const results = await Promise.all([...this.registered.values()].map((registered) => runCheck(registered)));
    const failed = results.filter((result) => result.status === 'unhealthy');
    const degraded = failed.length > 0 ? 'degraded' : 'healthy';
    return {
      status: failed.some((result) => result.critical) ? 'unhealthy' : degraded,
      checks: Object.fromEntries(results.map((result, index) => [names[index] ?? '', result])),
    };
  }
}

async function runCheck({ check, critical }: RegisteredCheck): Promise<HealthCheckResult> {
  const startedAt = performance.now();
  const outcome = await settle(check);
  return { ...outcome, critical, duration_ms: Math.round(performance.now() - startedAt) };
}

type Outcome = Pick<HealthCheckResult, 'status' | 'error' | 'details'>;

async function settle(check: HealthCheck): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const timer = setTimeout(() => {
    resolve({ status: 'unhealthy', error: 'timeout' });
  }, CHECK_TIMEOUT_MS);
  // Inside a promise a check that throws at once is a failed one too.
  Promise.resolve()
    .then(check)
    .then(
      (details) => {
        resolve({ status: 'healthy', ...(details === undefined ? {} : { details }) });
      },
      // The reason is public: its code says enough, the message may name hosts.
      (error: unknown) => {
        resolve({ status: 'unhealthy', error: codeOf(error) });
      },
    );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[\w.-]{1,60}$/.test(code) ? code : 'failed';
}
