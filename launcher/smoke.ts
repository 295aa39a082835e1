import { generateDemoSecrets } from './demo-secrets.js';
import { startDemo } from './demo.js';
import { HttpApi } from './http-api.js';
import type { RunningParts } from './running-parts.js';
import { MainJob } from './main-job.js';
import { StepTimes } from './step-times.js';

export interface SmokeOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly startedAtMs: number;
  readonly onUnexpectedEnd: (what: string) => void;
}

/**
 * Does the main job once on fresh, temporary storage and answers what was seen.
 * @throws Error whose message names the step that failed
 */
export async function runSmoke(options: SmokeOptions, parts: RunningParts): Promise<object> {
  const times = new StepTimes();
  const { env, onUnexpectedEnd } = options;
  const settings = { env, secrets: generateDemoSecrets(), dataDir: null, logFile: null, arrivalIntervalMs: 0, onUnexpectedEnd };
  const demo = await times.step('start', () => startDemo(settings, parts));
  if (demo.sandboxUrl === null) throw new Error('The smoke run needs its own sandbox: unset ALLEGRO_API_URL and ALLEGRO_AUTH_URL.');
  const job = new MainJob(demo.seller, new HttpApi(demo.sandboxUrl));
  await times.step('link by device code', () => job.link());
  const coarse = await times.step('coarse sync', () => job.coarseSync());
  const arrived = await times.step('incremental sync', () => job.incrementalSync());
  await times.step('list filtered by flags', () => job.filterByFlags(arrived));
  const replayed = await times.step('flag set, order rebuilt as of an earlier instant', () => job.rebuildEarlier(arrived));
  const chain = await times.step('chain verified', () => job.verifyChain());
  return {
    ok: true,
    secondsFromStart: seconds(Date.now() - options.startedAtMs),
    secondsToFirstSyncedOrder: seconds(coarse.firstOrderAtMs - options.startedAtMs),
    ordersCoarse: coarse.orders,
    ordersIncremental: 1,
    orderId: arrived,
    replayed,
    chain,
    secondsPerStep: times.seconds,
    sandboxSeed: env['SANDBOX_SEED'] || settings.secrets.sandboxSeed,
  };
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
