import type { OpenAPIObject } from '@nestjs/swagger';
import { needsPersonalData, scopesOfRoute } from '../access/route-scopes.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

function sentenceOf(scopes: readonly string[] | null | undefined, isPersonal: boolean): string {
  if (!scopes) return 'No machine key may make this call.';
  const named = scopes.map((scope) => `\`${scope}\``).join(' and ');
  return isPersonal ? `Machine keys: the scopes ${named}; support needs the last of them too.` : `Machine keys: the scope ${named}.`;
}

/** Says of each operation what a machine key needs for it: in words, and as `x-key-scopes` where a key may make the call. */
export function withKeyScopes(document: OpenAPIObject): OpenAPIObject {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = operations[method] as Record<string, unknown> | undefined;
      if (operation === undefined || operation['x-public'] === true) continue;
      const scopes = scopesOfRoute(method.toUpperCase(), path);
      if (scopes) operation['x-key-scopes'] = [...scopes];
      const sentence = sentenceOf(scopes, needsPersonalData(method.toUpperCase(), path));
      operation['description'] = [operation['description'], sentence].filter((part) => typeof part === 'string' && part !== '').join('\n\n');
    }
  }
  return document;
}
