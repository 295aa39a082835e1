const ALLEGRO_DOMAINS = ['allegro.pl', 'allegrosandbox.pl'];

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/**
 * Whether a seller may be sent to this address. At Allegro itself the host must be Allegro's (the path differs between its
 * environments); where the service talks to another server, any web address of it will do.
 */
export function mayShow(address: string, authUrl: string): boolean {
  const url = URL.parse(address);
  const authority = URL.parse(authUrl);
  if (!url || !authority || !['https:', 'http:'].includes(url.protocol)) return false;
  const real = ALLEGRO_DOMAINS.some((domain) => isWithin(authority.hostname, domain));
  if (!real) return true;
  return url.protocol === 'https:' && url.username === '' && ALLEGRO_DOMAINS.some((domain) => isWithin(url.hostname, domain));
}
