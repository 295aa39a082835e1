import { orderCount } from './demo-sync.js';
import type { Demo } from './demo.js';

/** The one line of `--json`. */
export function announceAsJson({ baseUrl, sandboxUrl, access }: Demo, tokenId: string | null): void {
  process.stdout.write(`${JSON.stringify({ baseUrl, sandboxUrl, jwt: access, tokenId })}\n`);
}

/** For a person: where everything is and how to stop it. */
export async function announce(demo: Demo, tokenId: string | null, logFile: string): Promise<void> {
  const lines = [
    '',
    'DEMO MODE: an invented shop on an embedded database, never for real sellers.',
    '',
    `Service       ${demo.baseUrl}/`,
    `API page      ${demo.baseUrl}/docs`,
    `Service log   ${logFile}`,
    ...(tokenId === null || demo.sandboxUrl === null ? anotherAllegro() : await linkedShop(demo, demo.sandboxUrl, tokenId)),
    '',
    ...Object.entries(demo.access).map(([role, jwt]: [string, string]) => `JWT ${role.padEnd(9)} ${jwt}`),
    '',
    ...(tokenId === null ? [] : [`Try it        curl -H "Authorization: Bearer <JWT>" "${demo.baseUrl}/api/v1/orders?token_id=${tokenId}&limit=3"`]),
    'Stop          Ctrl-C; the next start continues with the same orders. Delete the folder .data to begin anew.',
    '',
  ];
  process.stdout.write(lines.join('\n'));
}

async function linkedShop(demo: Demo, sandboxUrl: string, tokenId: string): Promise<string[]> {
  const orders = await orderCount(demo.seller, tokenId);
  return [
    `Allegro       ${sandboxUrl} (sandbox, orders go on arriving)`,
    `Seller        token ${tokenId}, ${String(orders)} orders synced, autosync every minute`,
  ];
}

function anotherAllegro(): string[] {
  return ['Allegro       as configured; nothing is linked until you do it: POST /api/v1/tokens/auth/initialize'];
}
