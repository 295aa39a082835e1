import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { IntQuery } from '../platform/http/query-decorators.js';

/** As far back as the statistics of orders reach. */
const MOST_DAYS = 365;

export class DataQualityQuery {
  @ApiProperty({ format: 'uuid' })
  @IsUUID('loose')
  token_id!: string;

  @IntQuery({ min: 1, max: MOST_DAYS, fallback: 30, description: 'Days of the report, today included.' })
  days = 30;
}

export class HealthMetricsView {
  @ApiProperty()
  total_orders!: number;

  @ApiProperty()
  orders_with_issues!: number;

  @ApiProperty({ description: 'Orders that lack what every such order has, 0 to 1.' })
  missing_data_ratio!: number;

  @ApiProperty({ description: 'Documents of the period put aside instead of recorded, 0 to 1.' })
  regression_ratio!: number;

  @ApiProperty({ description: '0 nothing unusual, towards 1 the more went wrong. How little came is no part of it.' })
  anomaly_score!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_successful_sync!: string | null;

  @ApiProperty({ description: 'Kinds of issues that need somebody now.' })
  critical_issues!: number;
}

export class DailyMetricsView {
  @ApiProperty({ format: 'date', description: 'UTC.' })
  date!: string;

  @ApiProperty()
  sync_events!: number;

  @ApiProperty()
  journal_events!: number;

  @ApiProperty()
  forms_recorded!: number;

  @ApiProperty()
  orders_created!: number;

  @ApiProperty()
  quarantined!: number;

  @ApiProperty({ description: 'Runs that were asked for, changed something or failed.' })
  sync_runs!: number;

  @ApiProperty()
  failed_syncs!: number;
}

export class TopIssueView {
  @ApiProperty()
  issue!: string;

  @ApiProperty({ enum: ['critical', 'warning', 'notice'] })
  severity!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty({ description: 'Orders concerned.' })
  count!: number;

  @ApiProperty({ type: [String], description: 'Some of them.' })
  order_ids!: readonly string[];
}

export class QualityReportView {
  @ApiProperty({ example: '30 days' })
  period!: string;

  @ApiProperty({ format: 'date-time' })
  start_date!: string;

  @ApiProperty({ format: 'date-time' })
  end_date!: string;

  @ApiProperty({ description: 'Events recorded in the period.' })
  total_sync_events!: number;

  @ApiProperty({ type: [DailyMetricsView] })
  daily_metrics!: DailyMetricsView[];

  @ApiProperty({ type: [TopIssueView] })
  top_issues!: TopIssueView[];

  @ApiProperty({ type: [String] })
  recommendations!: string[];
}

export class DataQualityView {
  @ApiProperty({ type: HealthMetricsView })
  health_metrics!: HealthMetricsView;

  @ApiProperty({ type: QualityReportView })
  quality_report!: QualityReportView;

  @ApiProperty({ format: 'date-time' })
  generated_at!: string;
}
