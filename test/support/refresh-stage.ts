import { AllegroAuthClient } from '../../src/allegro/allegro-auth.client.js';
import { SellerLookup } from '../../src/tokens/seller-lookup.service.js';
import { Tokens } from '../../src/tokens/tokens.service.js';
import { Service } from './service.js';
import { type TokenWorld, tokenWorld } from './token-app.js';

type Refresh = AllegroAuthClient['refresh'];

/** Two processes' worth of the service, which share nothing but the database, and one token after another. */
export class RefreshStage {
  tokenId = '';
  tenant = '';

  private constructor(
    readonly world: TokenWorld,
    readonly first: Service,
    readonly second: Service,
  ) {}

  static async open(): Promise<RefreshStage> {
    const world = await tokenWorld();
    return new RefreshStage(world, await Service.start(world), await Service.start(world));
  }

  async close(): Promise<void> {
    await Promise.all([this.first.stop(), this.second.stop()]);
    await this.world.release();
  }

  /** A fresh token of a fresh tenant; the counts of the sandbox start anew. */
  async newToken(): Promise<void> {
    this.heal();
    this.tenant = `tenant-${crypto.randomUUID()}`;
    this.tokenId = await this.first.import('Shop', this.sellerId, this.tenant);
    this.world.sandbox.resetStats();
  }

  get sellerId(): string {
    return this.world.sandbox.sellers()[0]?.id ?? '';
  }

  async whoIs(app: Service): Promise<string> {
    return app.app.get(Tokens).withAccessToken(this.tokenId, async (token) => (await app.app.get(SellerLookup).whoIs(token, 'test')).id);
  }

  async refresh(app: Service): Promise<void> {
    await app.app.get(Tokens).refresh(this.tokenId);
  }

  async passTime(column: 'expires_at' | 'lease_until' | 'retry_at'): Promise<void> {
    await this.world.owner.query(`update tokens set ${column} = now() - interval '1 second' where id = $1 and ${column} is not null`, [this.tokenId]);
  }

  async row(): Promise<Record<string, unknown>> {
    const { rows } = await this.world.owner.query<Record<string, unknown>>(
      'select state, generation, refresh_failures, retry_at, lease_id, expires_at from tokens where id = $1',
      [this.tokenId],
    );
    return rows[0] ?? {};
  }

  async events(): Promise<string[]> {
    const { rows } = await this.world.owner.query<{ type: string }>(
      `select e.type from event_log.order_events e join tokens t on t.account_id = e.account_id where t.id = $1 order by e.version`,
      [this.tokenId],
    );
    return rows.map(({ type }) => type);
  }

  /** How often refresh tokens were spent since the start, and repeated inside the grace. */
  spent(): { spends: number; repeats: number } {
    const records = this.world.sandbox.stats().refreshes;
    return { spends: records.reduce((sum, one) => sum + one.spends, 0), repeats: records.reduce((sum, one) => sum + one.graceRepeats, 0) };
  }

  tokenCalls(): number {
    return Object.values(this.world.sandbox.stats().routes['POST /auth/oauth/token'] ?? {}).reduce((sum, count) => sum + count, 0);
  }

  /** Puts something in front of one process's refresh call, until the next token. */
  intercept(app: Service, refresh: (real: Refresh) => Refresh): void {
    const auth = app.app.get(AllegroAuthClient);
    auth.refresh = refresh(AllegroAuthClient.prototype.refresh.bind(auth));
  }

  heal(): void {
    for (const process of [this.first, this.second]) Reflect.deleteProperty(process.app.get(AllegroAuthClient), 'refresh');
  }
}
