import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { SERVICE_NODE_OPTIONS } from '../../launcher/service-process.js';

const ROOT = new URL('../../', import.meta.url);

function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** Names of all variables that the configuration reads. */
function readSettings(): string[] {
  const folder = 'src/platform/config/';
  const sources = readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const names = sources.flatMap((name) => [...textOf(folder + name).matchAll(/reader\.\w+\('([A-Z][A-Z_]+)'/g)].map(([, setting]) => setting ?? ''));
  return [...new Set(names)].sort();
}

const COMPOSE = parse(textOf('docker-compose.yml'), { merge: true }) as {
  services: Record<string, { environment: Record<string, string>; volumes?: string[] }>;
};
/** For the composition alone. */
const OF_COMPOSE = ['OWNER_DATABASE_PASSWORD', 'PUBLISH', 'REDIS_PASSWORD', 'SERVICE_DATABASE_PASSWORD'];

describe('the example of settings', () => {
  const shown = [...textOf('.env.example').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name ?? '').sort();

  it('shows every setting the service reads, and no other', () => {
    expect(readSettings().length).toBeGreaterThan(20);
    expect(shown.filter((name) => !OF_COMPOSE.includes(name))).toEqual(readSettings());
  });

  it('shows every variable the composition takes', () => {
    const taken = [...textOf('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name ?? '');
    expect(taken.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('reaches the composed service whole, except for what the migrate step alone may know', () => {
    const passed = Object.keys(COMPOSE.services['service']?.environment ?? {}).sort();
    expect(passed).toEqual(readSettings().filter((name) => !['DATABASE_OWNER_URL', 'DEMO_MODE', 'WEBHOOKS_ALLOW_LOOPBACK'].includes(name)));
    expect(JSON.stringify(COMPOSE.services['service'])).not.toContain('OWNER_DATABASE_PASSWORD');
  });

  it('lets the composed service write its files: they are in a volume that the image hands to its user', () => {
    const service = COMPOSE.services['service'];
    const mounted = (service?.volumes ?? []).map((volume) => volume.split(':')[1] ?? '');
    const written = ['SEAL_FILE', 'ERASURE_LIST_FILE'].map((name) => /^\$\{\w+:-(.+)\}$/.exec(service?.environment[name] ?? '')?.[1] ?? '');
    expect(written.map((path) => mounted.find((folder) => path.startsWith(`${folder}/`)))).toEqual(['/var/lib/order-log', '/var/lib/order-log']);
    expect(textOf('Dockerfile')).toMatch(/mkdir \/var\/lib\/order-log && chown node:node \/var\/lib\/order-log\nUSER node/);
  });

  it('runs in the image with the options of Node it is measured with', () => {
    const command = /^CMD (\[.*"dist\/src\/main\.js"\])$/m.exec(textOf('Dockerfile'))?.[1] ?? '[]';
    expect(JSON.parse(command)).toEqual(['node', '--enable-source-maps', ...SERVICE_NODE_OPTIONS, 'dist/src/main.js']);
  });

  it('has no secret filled in', () => {
    expect(textOf('.env.example')).not.toMatch(/^(JWT_SECRET|MASTER_KEYS|HASH_PEPPER|ALLEGRO_CLIENT_SECRET|\w*_PASSWORD)=\S/m);
  });
});
