import type { RecordingProxy } from '../proxy/proxy.ts';

/**
 * Scenarios, and so checks, say `localhost:3000`: the product's address at the time takes its place. With a declared port only
 * that one is meant; otherwise every port of this machine is.
 */
export function renderAddress(
  source: string,
  proxy: Pick<RecordingProxy, 'host' | 'port'> | null,
  port: number | null,
): string {
  if (!proxy) return source;
  const number = port === null ? String.raw`\d{2,5}` : String(port);
  const local = String.raw`(?<![\w.-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):${number}(?!\d)`;
  return source.replaceAll(new RegExp(local, 'g'), `${proxy.host}:${proxy.port}`);
}
