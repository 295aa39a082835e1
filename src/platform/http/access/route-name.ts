/** A route as the tables of routes name it: `GET orders/:order_id`. @param path as the router or the OpenAPI document has it */
export function routeName(method: string, path: string): string {
  const short = path.replace(/^\/api\/v1\//, '').replace(/\/$/, '');
  return `${method === 'HEAD' ? 'GET' : method} ${short.replaceAll(/\{(\w+)\}/g, ':$1')}`;
}
