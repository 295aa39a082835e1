import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentScope } from '../platform/http/access/access.decorators.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { type AccountHealth, AccountsHealth } from './accounts-health.read-model.js';
import { DataQualityQuery, DataQualityView, type DailyMetricsView } from './data-quality.dto.js';
import { DataQuality, type DayFigures, type TroubledOrders } from './data-quality.read-model.js';
import { type FoundIssue, healthMetrics, rankIssues, recommendationsFor } from './quality-report.js';

const DAY_MS = 86_400_000;
/** More than a person reads; what is behind them is in the lists of failed and quarantined orders. */
const MOST_ISSUES = 20;

interface Measured {
  readonly orders: number;
  readonly troubled: TroubledOrders;
  readonly days: readonly DayFigures[];
  readonly health: AccountHealth | null;
}

/** The state of what we hold of an account, computed from the log and from what syncs wrote. */
@ApiTags('orders')
@Controller('orders')
export class DataQualityController {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly quality: DataQuality,
    private readonly health: AccountsHealth,
  ) {}

  @Get('data-quality')
  @ApiOperation({ operationId: 'getDataQuality', summary: "Reports on the quality of an account's orders" })
  @ApiOkResponse({ type: DataQualityView })
  async report(@CurrentScope() scope: TenantScope, @Query() query: DataQualityQuery): Promise<DataQualityView> {
    const { accountId } = await this.accounts.resolve(scope, query.token_id);
    const now = new Date();
    const start = new Date(now.getTime() - (query.days - 1) * DAY_MS).toISOString().slice(0, 10);
    const [orders, troubled, days, health] = await Promise.all([
      this.quality.orders(accountId),
      this.quality.troubled(accountId),
      this.quality.byDay(accountId, start, now.toISOString().slice(0, 10)),
      this.health.ofAccount(accountId),
    ]);
    return viewOf({ orders, troubled, days, health }, { days: query.days, start: `${start}T00:00:00.000Z`, now: now.toISOString() });
  }
}

const sum = (days: readonly DayFigures[], figure: Exclude<keyof DayFigures, 'day'>) => days.reduce((total, day) => total + day[figure], 0);

function viewOf({ orders, troubled, days, health }: Measured, period: { days: number; start: string; now: string }): DataQualityView {
  const issues = rankIssues([...accountIssues(health), ...troubled.issues]);
  const unreadable = troubled.issues.filter(({ issue }) => issue.startsWith('unreadable_')).reduce((total, issue) => total + issue.orders, 0);
  const metrics = healthMetrics({
    orders,
    missing: troubled.missing,
    recorded: sum(days, 'forms'),
    held: sum(days, 'held'),
    owed: unreadable,
    runs: sum(days, 'runs'),
    failedRuns: sum(days, 'failedRuns'),
  });
  return {
    health_metrics: {
      total_orders: orders,
      orders_with_issues: troubled.withIssues,
      missing_data_ratio: metrics.missingDataRatio,
      regression_ratio: metrics.regressionRatio,
      anomaly_score: metrics.anomalyScore,
      last_successful_sync: health?.lastSuccessAt?.toISOString() ?? null,
      critical_issues: issues.filter(({ severity }) => severity === 'critical').length,
    },
    quality_report: {
      period: `${String(period.days)} days`,
      start_date: period.start,
      end_date: period.now,
      total_sync_events: sum(days, 'events'),
      daily_metrics: days.map(dayView),
      top_issues: issues
        .slice(0, MOST_ISSUES)
        .map(({ issue, severity, description, orders: count, samples }) => ({ issue, severity, description, count, order_ids: samples })),
      recommendations: recommendationsFor(issues),
    },
    generated_at: period.now,
  };
}

/** What concerns the account as a whole. */
function accountIssues(health: AccountHealth | null): FoundIssue[] {
  if (health === null || !['disconnected', 'paused', 'stalled'].includes(health.freshness)) return [];
  return [{ issue: `account_${health.freshness}`, orders: 0, samples: [] }];
}

function dayView(day: DayFigures): DailyMetricsView {
  return {
    date: day.day,
    sync_events: day.events,
    journal_events: day.journal,
    forms_recorded: day.forms,
    orders_created: day.created,
    quarantined: day.held,
    sync_runs: day.runs,
    failed_syncs: day.failedRuns,
  };
}
