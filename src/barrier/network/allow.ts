import { isIP } from 'node:net';

/** Ports of a host that is allowed without one. */
const USUAL_PORTS: ReadonlySet<number> = new Set([80, 443]);

/**
 * Whether a list allows a host. Entries: `example.org`, `example.org:8443`, `*.example.org` (every name below it), `*` (every name that
 * is no address). Without a port, 80 and 443 are meant.
 */
export function allows(list: readonly string[], host: string, port: number): boolean {
  const name = plain(host);
  return list.some((entry) => {
    const [, pattern = '', number] = /^(.*?)(?::(\d+))?$/s.exec(entry.toLowerCase()) ?? [];
    const portFits = number === undefined ? USUAL_PORTS.has(port) : Number(number) === port;
    return portFits && fits(pattern, name);
  });
}

/** Whether the list names this very host, so that a person knew what it is. */
export const names = (list: readonly string[], host: string): boolean =>
  list.some((entry) => entry.toLowerCase().replace(/:\d+$/, '') === plain(host));

function fits(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  // An address can be anything, this machine included: only itself stands for it.
  if (isIP(name) !== 0) return false;
  if (pattern === '*') return name !== 'localhost' && !name.endsWith('.localhost');
  return pattern.startsWith('*.') && name.endsWith(pattern.slice(1));
}

const plain = (host: string): string => host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
