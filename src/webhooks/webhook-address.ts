/** Ports of things that take commands from whoever connects: queues, databases, containers, shells on other ports than the well-known. */
const REFUSED_PORTS: ReadonlySet<number> = new Set([
  1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5672, 5900, 5984, 6379, 6443, 8500, 9042, 9092, 9200, 9300, 10_250, 11_211, 27_017,
]);
const HTTPS_PORT = 443;
/** Below are the well-known services (mail, shells, names); none but https takes webhooks. */
const FIRST_FREE_PORT = 1_024;
/** Names that mean this machine or the network it stands in. A name of one label is looked up in that network too. */
const INNER_NAME = /^[^.]+$|(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** How the parser of addresses writes any spelling of an IPv4 address, and IPv6. */
const isAddress = (host: string): boolean => host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);

function refusedPort(url: URL): boolean {
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  return port !== HTTPS_PORT && (port < FIRST_FREE_PORT || REFUSED_PORTS.has(port));
}

function refusedHost(host: string): string | null {
  if (isAddress(host)) return 'must name its host: certificates are given to names, not to addresses';
  if (INNER_NAME.test(host.replace(/\.$/, ''))) return 'must name a host of the public internet';
  return null;
}

function syntaxFlaw(text: string): string | null {
  if (/[^\x21-\x7e]/.test(text)) return 'must be written in ASCII without blanks';
  if (!URL.canParse(text)) return 'must be an address such as https://example.com/hooks';
  return text.includes('#') ? 'must not have a fragment' : null;
}

function publicFlaw(url: URL): string | null {
  if (url.protocol !== 'https:') return 'must be https';
  return refusedHost(url.hostname) ?? (refusedPort(url) ? 'must not use this port' : null);
}

/**
 * Why an address cannot be a receiver, null when it can. Where its name leads is checked again at each connection: names change.
 * @param allowLoopback a demonstration on one machine: http to this machine is fine, and nothing else changes
 */
export function addressFlaw(text: string, allowLoopback: boolean): string | null {
  const flaw = syntaxFlaw(text);
  if (flaw !== null) return flaw;
  const url = new URL(text);
  if (url.username + url.password !== '') return 'must not carry credentials: the signature tells who sends';
  const isOwn = /^https?:$/.test(url.protocol) && LOOPBACK.has(url.hostname);
  return allowLoopback && isOwn ? null : publicFlaw(url);
}
