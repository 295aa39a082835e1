import { type Json, Service, type ServiceOptions } from '../service.js';
import { runSync } from '../run-sync.js';
import { bearer, tokenOf } from '../access-tokens.js';
import { freshPair, type TokenWorld, tokenWorld } from '../token-app.js';

/** What every path and field of the interface can name, by the name of the parameter. */
export type Subjects = Readonly<Record<string, string>>;

const SELLERS = 3;
/** Enough that a listing in which every order went wrong is a pattern and pauses the account. */
const ORDERS = 60;

/** A tenant that owns one of each thing the interface names, in the whole service in front of the sandbox. */
export class InterfaceStage {
  private constructor(
    readonly world: TokenWorld,
    readonly service: Service,
    readonly tenant: string,
    readonly subjects: Subjects,
  ) {}

  static async start(tenant: string, options: ServiceOptions = {}): Promise<InterfaceStage> {
    const world = await tokenWorld({ orders: ORDERS, seed: 41, sellers: SELLERS, sessionsPerSeller: 1_000 });
    const service = await Service.start(world, options);
    const subjects = await new Furnishing(world, service, tenant).furnish();
    return new InterfaceStage(world, service, tenant, subjects);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.world.release();
  }

  /** What is stored of everybody or of one tenant, but the trails and counters that every request leaves. */
  async stored(tenant?: string): Promise<string> {
    const { rows } = await this.world.owner.query<{ name: string; content: string }>(STORED_SQL, [tenant ?? null]);
    const found = await this.world.owner.query<{ name: string; content: string }>(rows.map(({ content }) => content).join(' union all ') + ' order by 1');
    return found.rows.map(({ name, content }) => `${name} ${content}`).join('\n');
  }
}

/** Writes one statement for each table: a hash of its rows, of one tenant where the table can tell. Partitions are read through their parents. */
const STORED_SQL = `
  select c.relname as name,
         format('select %L as name, coalesce(md5(string_agg(t::text, chr(10) order by t::text)), %L) as content from %s t %s',
           c.oid::regclass, '', c.oid::regclass,
           case when $1::text is null then ''
                when bool_or(a.attname = 'tenant_id') then format('where tenant_id = %L', $1)
                when bool_or(a.attname = 'account_id') then format('where account_id in (select id from accounts where tenant_id = %L)', $1)
                else 'where false' end) as content
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
  where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ 'bull'
    and c.relname !~ '^(audit_entries|idempotency_keys|mikro_orm_migrations|allegro_.*)$'
  group by c.oid, c.relname`;

/** Makes one of each thing, by the interface itself where it can. */
class Furnishing {
  constructor(
    private readonly world: TokenWorld,
    private readonly service: Service,
    private readonly tenant: string,
  ) {}

  async furnish(): Promise<Subjects> {
    const [first, second] = this.world.sandbox.sellers();
    const account = await this.service.connect('shop', first?.id, this.tenant);
    const other = await this.service.connect('second shop', second?.id, this.tenant);
    await this.sync(account, 'incremental');
    const ids = await this.column('select order_id from orders where account_id = $1 order by 1', [account.accountId]);
    const [orderId = '', erasedId = ''] = ids;
    const token = { token_id: account.tokenId, order_id: orderId, spare_token_id: other.tokenId, user_id: this.tenant };
    return {
      ...token,
      ...(await this.tasks(account.tokenId)),
      ...(await this.work(account.tokenId, orderId)),
      ...(await this.decisions(account.tokenId, orderId, erasedId)),
      ...(await this.webhook()),
      ...(await this.key()),
      ...(await this.export(account.tokenId)),
      ...(await this.troubles(account)),
    };
  }

  private async tasks(tokenId: string): Promise<Subjects> {
    const link = await this.made('POST', '/tokens/auth/initialize', { account_name: 'third shop' });
    const started = await this.made('POST', '/sync/start', { token_id: tokenId });
    const failed = await this.made('POST', '/sync/sweep', { token_id: tokenId });
    await this.world.owner.query(`update tasks set status = 'FAILURE', finished_at = now(), error = 'invented' where id = $1`, [failed['task_id']]);
    const device = { device_code: String(link['device_code']), link_task_id: String(link['task_id']) };
    return { ...device, task_id: String(started['task_id']), sync_id: String(started['task_id']), failed_task_id: String(failed['task_id']) };
  }

  private async work(tokenId: string, orderId: string): Promise<Subjects> {
    const claim = await this.made('POST', `/orders/${orderId}/claims?token_id=${tokenId}`, { purpose: 'stock' });
    return { lease_id: String(claim['lease_id']), fencing_token: String(claim['fencing_token']) };
  }

  private async decisions(tokenId: string, orderId: string, erasedId: string): Promise<Subjects> {
    const before = new Date().toISOString();
    await this.made('PATCH', `/orders/${orderId}/invoice-status?token_id=${tokenId}`, { has_invoice_created: true, invoice_id: 'FV/1' });
    const plan = await this.made('POST', '/restore-plans', { token_id: tokenId, as_of: before });
    const erasure = await this.made('POST', '/erasures', { token_id: tokenId, order_id: erasedId, reason: 'ticket 4711' });
    return { plan_id: String(plan['id']), erasure_id: String(erasure['id']), as_of: before, erased_order_id: erasedId };
  }

  private async webhook(): Promise<Subjects> {
    const webhook = await this.made('POST', '/webhooks', { url: 'https://hooks.example.com/orders', event_types: ['sync.paused'] });
    const ping = await this.made('POST', `/webhooks/${String(webhook['id'])}/ping`);
    return { webhook_id: String(webhook['id']), message_id: String(ping['message_id']) };
  }

  private async key(): Promise<Subjects> {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const key = await this.made('POST', '/keys', { name: 'machine', scopes: ['orders:read'], expires_at: expiresAt });
    return { key_id: String(key['id']) };
  }

  private async export(tokenId: string): Promise<Subjects> {
    const ordered = await this.made('POST', '/exports', { token_id: tokenId });
    return { export_id: String(ordered['id']) };
  }

  /** Orders that Allegro does not answer, a listing too bad to be recorded, a certificate. */
  private async troubles(account: { tokenId: string; accountId: string }): Promise<Subjects> {
    const { sandbox, owner } = this.world;
    const [poison = ''] = sandbox.createOrders({ status: 'READY_FOR_PROCESSING' });
    sandbox.setOrderFault(poison, 'poison');
    sandbox.advanceClock(60_000);
    await this.sync(account, 'incremental');
    sandbox.corrupt({ kind: 'lines', seller: sandbox.sellers()[0]?.id ?? '' });
    await this.sync(account, 'full');
    sandbox.corrupt({ kind: null, seller: sandbox.sellers()[0]?.id ?? '' });
    const [itemId = ''] = await this.column('select id from quarantine_items where account_id = $1 limit 1', [account.accountId]);
    const [pauseId = ''] = await this.column('select id from sync_pauses where account_id = $1', [account.accountId]);
    const { rows } = await owner.query<{ id: string }>(
      `insert into completeness_certificates (id, tenant_id, account_id, window_from, window_to, resume_from, equal, healed, held, rejected,
         announced_not_landed, missing_at_allegro, complete, finished_at)
       values (gen_random_uuid(), $1, $2, now() - interval '1 day', now(), now(), 1, 0, 0, 0, 0, 0, true, now()) returning id`,
      [this.tenant, account.accountId],
    );
    return { failed_order_id: poison, item_id: itemId, pause_id: pauseId, id: rows[0]?.id ?? '' };
  }

  private async made(method: 'POST' | 'PATCH', path: string, body: Json = {}): Promise<Json> {
    const headers = { ...bearer(tokenOf(this.tenant, { roles: ['operator'] })), 'content-type': 'application/json' };
    const answer = await this.service.app.inject({ method, url: `/api/v1${path}`, headers, payload: JSON.stringify(body) });
    if (answer.statusCode >= 300) throw new Error(`${method} ${path} of the stage was refused: ${answer.body}`);
    return answer.json<Json>();
  }

  private async sync(account: { tokenId: string; accountId: string }, syncType: 'incremental' | 'full'): Promise<void> {
    await runSync(this.service, { ...account, tenantId: this.tenant, syncType });
  }

  private async column(sql: string, values: unknown[]): Promise<string[]> {
    const { rows } = await this.world.owner.query<Record<string, string>>(sql, values);
    return rows.map((row) => Object.values(row)[0] ?? '');
  }
}

/** A pair of tokens nobody has handed in yet. */
export async function unusedPair(stage: InterfaceStage): Promise<Json> {
  return freshPair(stage.world, stage.world.sandbox.sellers()[2]?.id ?? '');
}
