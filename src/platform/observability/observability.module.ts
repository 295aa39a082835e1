import { Global, Module } from '@nestjs/common';
import { HealthChecks } from './health-checks.js';
import { Metrics } from './metrics.js';
import { TroubleSources } from './trouble-sources.js';

@Global()
@Module({ providers: [Metrics, HealthChecks, TroubleSources], exports: [Metrics, HealthChecks, TroubleSources] })
export class ObservabilityModule {}
