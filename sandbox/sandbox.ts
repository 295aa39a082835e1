import { apiRoutes } from './api/api-routes.js';
import { startArrivals } from './arrivals.js';
import { ControlDesk } from './control/control-desk.js';
import { controlRoutes } from './control/control-routes.js';
import { SandboxServer } from './http/server.js';
import { approvalRoutes } from './oauth/approval-page.js';
import { oauthRoutes } from './oauth/oauth-routes.js';
import type { SandboxOptions } from './settings.js';
import { World } from './world.js';

/** A running sandbox; everything tests in other processes reach under /_sandbox/ is a method here. */
export class Sandbox extends ControlDesk {
  readonly #server: SandboxServer;
  #stopArrivals: () => void = () => undefined;

  constructor(world: World) {
    super(world);
    const routes = [...oauthRoutes(world), ...approvalRoutes(world), ...apiRoutes(world), ...controlRoutes(this)];
    this.#server = new SandboxServer(world, routes);
  }

  /** Serves Allegro's API and OAuth alike. */
  get url(): string {
    return this.world.url;
  }

  get seed(): number {
    return this.world.settings.seed;
  }

  async open(publicUrl: string | undefined): Promise<void> {
    const { host, arrivalIntervalMs } = this.world.settings;
    const port = await this.#server.listen(this.world.settings.port, host);
    this.world.url = publicUrl ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${String(port)}`;
    this.#stopArrivals = startArrivals(this, arrivalIntervalMs);
  }

  /** Ends all connections and frees the port. */
  async close(): Promise<void> {
    this.#stopArrivals();
    await this.#server.close();
  }
}

/**
 * Starts a sandbox that behaves as Allegro is known to, with invented sellers and buyers drawn from the seed.
 * @throws Error when the fault specification is wrong or the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = new Sandbox(new World(options));
  await sandbox.open(options.publicUrl);
  return sandbox;
}
