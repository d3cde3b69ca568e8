/**
 * What nearly every program needs to find its tools, speak the right language and reach the network the user set up. Names
 * that end in `*` stand for every name with that beginning. Holds no credential and nothing that injects code.
 */
export const BASE_ENVIRONMENT: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'LANG',
  'LANGUAGE',
  'LC_*',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'XDG_RUNTIME_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'SYSTEMROOT',
  'COMSPEC',
  'PATHEXT',
];

/**
 * The environment of a child: of `source` only the names in `allow` (exact, or a beginning followed by `*`), then `extra`,
 * which wins.
 */
export function environment(
  source: Readonly<Record<string, string | undefined>>,
  allow: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const names = new Set(allow.filter((name) => !name.endsWith('*')));
  const beginnings = allow.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const allowed = Object.entries(source).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (names.has(entry[0]) || beginnings.some((beginning) => entry[0].startsWith(beginning))),
  );
  return { ...Object.fromEntries(allowed), ...extra };
}
