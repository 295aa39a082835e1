import { apiRoutes } from './api/api-routes.js';
import { startArrivals } from './arrivals.js';
import { ControlDesk } from './control/control-desk.js';
import { controlRoutes } from './control/control-routes.js';
import { SandboxServer } from './http/server.js';
import { approvalRoutes } from './oauth/approval-page.js';
import { oauthRoutes } from './oauth/oauth-routes.js';
import type { SandboxOptions } from './settings.js';
import { World } from './world.js';

/** A running sandbox. Everything tests in other processes reach under /_sandbox/ is a method of `control`. */
export interface Sandbox {
  /** Serves Allegro's API and OAuth alike. */
  readonly url: string;
  readonly seed: number;
  readonly control: ControlDesk;
  close(): Promise<void>;
}

/**
 * Starts a sandbox that behaves as Allegro is known to, with invented sellers and buyers drawn from the seed.
 * @throws Error when the fault specification is wrong or the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = new World(options);
  const desk = new ControlDesk(world);
  const routes = [...oauthRoutes(world), ...approvalRoutes(world), ...apiRoutes(world), ...controlRoutes(desk)];
  const server = new SandboxServer(world, routes);
  const { host, seed, arrivalIntervalMs } = world.settings;
  const port = await server.listen(world.settings.port, host);
  world.url = options.publicUrl ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${String(port)}`;
  const stopArrivals = startArrivals(desk, arrivalIntervalMs);
  return {
    url: world.url,
    seed,
    control: desk,
    close: async () => {
      stopArrivals();
      await server.close();
    },
  };
}
