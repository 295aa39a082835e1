import { Global, Module } from '@nestjs/common';
import { HealthChecks } from './health-checks.js';
import { Metrics } from './metrics.js';

@Global()
@Module({ providers: [Metrics, HealthChecks], exports: [Metrics, HealthChecks] })
export class ObservabilityModule {}
