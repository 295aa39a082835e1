import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { HealthChecks, type HealthReport } from '../../observability/health-checks.js';
import { Metrics } from '../../observability/metrics.js';
import { Public } from '../access/access.decorators.js';
import { Drain } from '../drain.js';

type Reported = Omit<HealthReport, 'status'> & { readonly status: HealthReport['status'] | 'stopping' };

/** What probes, load balancers and Prometheus ask; without a token, and never 200 while sick. */
@Public()
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly checks: HealthChecks,
    private readonly metrics: Metrics,
    private readonly drain: Drain,
  ) {}

  /** The process runs its event loop; nothing else is asked, or an outage of the database would restart every process. */
  @Get('livez')
  live(): { status: string } {
    return { status: 'alive' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: string }> {
    const { status } = await this.measured(reply);
    const ready = status === 'healthy' || status === 'degraded';
    return { status: ready ? 'ready' : status };
  }

  @Get('health')
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<Reported> {
    return this.measured(reply);
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  async text(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  private async measured(reply: FastifyReply): Promise<Reported> {
    const report: Reported = this.drain.started ? { status: 'stopping', checks: {} } : await this.checks.report();
    const well = report.status === 'healthy' || report.status === 'degraded';
    void reply.code(well ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return report;
  }
}
