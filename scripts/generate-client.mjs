import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { format, resolveConfig } from 'prettier';

/** Writes the generated part of the client package, formatted as everything here. @param document the OpenAPI document */
export async function generateClient(document, folder) {
  await createClient({
    input: structuredClone(document),
    logs: { level: 'silent', file: false },
    output: { path: folder, module: { extension: '.js' } },
    plugins: [
      { name: '@hey-api/client-fetch', throwOnError: true },
      '@hey-api/typescript',
      // Every function asks for its client: none is kept where the next tenant's call would find it.
      { name: '@hey-api/sdk', client: false },
    ],
  });
  const settings = await resolveConfig(join(import.meta.dirname, '..', 'client', 'src', 'index.ts'));
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const file = join(folder, name);
    // BodyInit is a name of browsers' types alone; the same type has one that Node's types know too.
    const text = readFileSync(file, 'utf8').replaceAll(/\bBodyInit\b/g, "NonNullable<RequestInit['body']>");
    writeFileSync(file, await format(text, { ...settings, filepath: file }));
  }
}
