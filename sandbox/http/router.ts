import type { Route } from './exchange.js';

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a request; `{name}` in a path stands for one segment. */
export class Router {
  readonly #routes: readonly Compiled[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({
      route,
      pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    }));
  }

  /** Null when no route has the path; `methods` when it exists for other methods only. */
  find(method: string, path: string): Match | 'method' | null {
    let known = false;
    for (const { route, pattern } of this.#routes) {
      const match = pattern.exec(path);
      if (!match) continue;
      if (route.method === method) return { route, params: { ...match.groups } };
      known = true;
    }
    return known ? 'method' : null;
  }
}
